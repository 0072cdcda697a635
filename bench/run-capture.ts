import { memoryControlStore, memoryLeases } from '#adapters/memory';
import { openOplogSource } from '#adapters/mongodb';
import { runCapture } from '#capture';
import { systemClock } from '#core';
import type { ObjectStore, OplogTime } from '#ports';
import { rangeOf } from '#vault';
import { type VaultPlace, vaultOn } from './vault-on.ts';

/** What `node bench/run-capture.ts ORDER` is given, as JSON. */
export interface CaptureOrder extends VaultPlace {
  readonly uri: string;
}

/** What it says, a line each: up to where entries are in two regions, since when, and its memory's mark so far. */
export interface DurableLine {
  readonly through: OplogTime;
  /** By this machine's clock, in ms. */
  readonly at: number;
  readonly rssMB: number;
}

const NEEDED = 2;

/** Captures as the role does, in a process of its own, until it is ended. */
async function capture({ uri, ...place }: CaptureOrder): Promise<void> {
  const vault = vaultOn(place);
  const copies = new Map<string, number>();
  const told = (store: ObjectStore): ObjectStore => ({
    ...store,
    put: async (key, body, options) => {
      const answer = await store.put(key, body, options);
      const count = (copies.get(key) ?? 0) + 1;
      copies.set(key, count);
      const through = rangeOf(key)?.through;
      if (through && count === NEEDED) {
        const rssMB = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
        console.log(JSON.stringify({ through, at: Date.now(), rssMB } satisfies DurableLine));
      }
      return answer;
    },
  });
  const [home, ...others] = vault.stores;
  await runCapture(
    {
      settings: {
        databases: { include: ['eld'], exclude: [] },
        durableRegions: NEEDED,
        segmentMs: 1_000,
        lock: { mode: 'governance', days: 1 },
      },
      vault: { ...vault, stores: [told(home), ...others.map(told)] },
      store: memoryControlStore(systemClock),
      leases: memoryLeases(systemClock),
      clock: systemClock,
      holder: 'bench',
      openOplog: (prefer) => openOplogSource({ uri, prefer }),
      newestBackupEnd: async () => undefined,
      onEvent: (event) => console.error(JSON.stringify(event)),
    },
    new AbortController().signal,
  );
}

const [order] = process.argv.slice(2);
if (order) await capture(JSON.parse(order));
