import { describe } from 'vitest';
import { createSettableClock, memoryControlStore, memoryHistory, memoryLeases } from '#adapters/memory';
import { historyContract } from '../../contract/history.contract.ts';
import { leasesContract } from '../../contract/leases.contract.ts';
import { recordsContract } from '../../contract/records.contract.ts';

const start = new Date('2026-11-23T08:12:05Z');

describe('the control store in memory', () => {
  recordsContract(async () => ({
    store: memoryControlStore(createSettableClock(start)),
    close: async () => undefined,
  }));
  historyContract(async () => ({
    history: memoryHistory(createSettableClock(start)),
    now: start,
    close: async () => undefined,
  }));
  leasesContract(async () => {
    const clock = createSettableClock(start);
    return { leases: memoryLeases(clock), pass: (ms) => clock.advance(ms), close: async () => undefined };
  });
});
