import { describe, expect, it } from 'vitest';
import { createSettableClock } from '#adapters/memory';
import { DrError } from '#core';
import type { ProbeResult } from '#ports';
import { askedOnce } from '../../../src/detection/looks/asked-once.ts';
import { seldom } from '../../../src/detection/looks/seldom.ts';
import { see } from './see.ts';

const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));

describe('one answer for a round', () => {
  it('is asked for once, also when it is an error, and anew in the next round', async () => {
    let asked = 0;
    const ask = askedOnce(
      async () => {
        asked += 1;
        throw new Error('no');
      },
      { clock, ms: 1_000 },
    );
    await expect(ask()).rejects.toThrow('no');
    await expect(ask()).rejects.toThrow('no');
    expect(asked).toBe(1);
    await clock.advance(1_000);
    await expect(ask()).rejects.toThrow('no');
    expect(asked).toBe(2);
  });
});

describe('what only people change', () => {
  it('is asked seldom while it is well, and in every round once it is not or was not seen', async () => {
    const time = createSettableClock(new Date('2026-11-23T08:00:00Z'));
    const answers: ProbeResult['state'][] = ['well', 'failed', 'unknown', 'failed', 'well', 'well'];
    let asked = 0;
    const look = seldom(
      async () => {
        const state = answers[asked] ?? 'well';
        asked += 1;
        return { state, words: [], numbers: {}, what: '', hostile: false };
      },
      { clock: time, ms: 300_000 },
    );
    const states: string[] = [];
    for (let round = 0; round < 32; round += 1) {
      states.push((await see(look)).state[0] ?? '');
      await time.advance(30_000);
    }
    // ten rounds on one answer, three on their own, ten on the next
    expect(states.join('')).toBe(`${'w'.repeat(10)}fuf${'w'.repeat(19)}`);
    expect(asked).toBe(6);
  });

  it('is asked again when the look broke off', async () => {
    let asked = 0;
    const look = seldom(
      async () => {
        asked += 1;
        throw new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'S3 does not answer.');
      },
      { clock, ms: 300_000 },
    );
    for (const _ of [1, 2]) await expect(see(look)).rejects.toThrow('S3 does not answer');
    expect(asked).toBe(2);
  });
});
