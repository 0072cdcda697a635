import { asDrError, type Region } from '#core';
import { type Canary, type ControlStore, compareOplogTimes, type ObjectStore, type OplogTime } from '#ports';
import { rangeOf, type Vault } from '#vault';
import { readCaptureState } from './capture-state.ts';
import { changeRpo, type RpoRecord, readRpo } from './rpo-record.ts';

/** What the measurement touches. It runs beside whoever carries runs, never in the process that captures. */
export interface RpoWorld {
  readonly store: ControlStore;
  readonly vault: Pick<Vault, 'stores'>;
  readonly canary: Canary;
  /** What is in so many buckets is durable. */
  readonly durableRegions: number;
}

/** Canaries on their way that are remembered one by one. Of more, the oldest are what counts: they are not thinned out. */
const MOST_PENDING = 60;

/** While no canary is on its way only the regions are looked at. */
const IDLE_LOOK_MS = 5_000;

/**
 * Sends one canary and notes its place in the oplog. Never throws what the database said: that no canary can be written is
 * itself noted. Throws STORE_UNAVAILABLE (transient).
 */
export async function sendCanary({ store, canary }: RpoWorld): Promise<void> {
  const numbered = await changeRpo(store, (rpo) => ({ ...rpo, number: rpo.number + 1 }));
  // before it is written: the time it takes is part of what would be lost
  const at = await store.now();
  try {
    const time = await canary.write(numbered?.number ?? 0);
    await changeRpo(store, ({ failure: _, ...rpo }) => {
      const room = rpo.pending.slice(0, MOST_PENDING - 1);
      return { ...rpo, pending: [...room, { time, at }] };
    });
  } catch (thrown) {
    const { code, message } = asDrError(thrown);
    if (code === 'STORE_UNAVAILABLE') throw thrown;
    await changeRpo(store, (rpo) =>
      rpo.failure?.why === message ? undefined : { ...rpo, failure: { since: rpo.failure?.since ?? at, why: message } },
    );
  }
}

/**
 * Looks whether canaries have arrived: capture says which segment it wrote last, and the buckets are asked whether they have
 * it. What capture says of itself counts for nothing else. Also notes which regions keep up. Throws STORE_UNAVAILABLE.
 */
export async function lookForCanaries({ store, vault, durableRegions }: RpoWorld): Promise<void> {
  const [rpo, state, before] = await Promise.all([readRpo(store), readCaptureState(store), store.now()]);
  if (rpo?.lookedAt && rpo.pending.length === 0 && before.getTime() - rpo.lookedAt.getTime() < IDLE_LOOK_MS) return;
  const key = state?.lastKey;
  const through = key === undefined ? undefined : rangeOf(key)?.through;
  if (!rpo) return;
  if (key === undefined || !through) {
    await changeRpo(store, (current) => ({ ...current, lookedAt: before }));
    return;
  }
  const seen = await Promise.all(vault.stores.map((each) => lookIn(each, key, rpo.lastKey)));
  const now = await store.now();
  const isDurable = seen.filter(({ newest }) => newest).length >= durableRegions;
  await changeRpo(store, (current) => ({
    ...current,
    ...(isDurable ? arrived(current, through, now) : {}),
    regions: seen.map(({ region, newest, before, why }) => {
      const known = current.regions.find((each) => each.region === region);
      const inStepAt = newest || before || !known ? now : known.inStepAt;
      return { region, inStepAt, ...(why === undefined ? {} : { why }) };
    }),
    lastKey: key,
    lookedAt: now,
  }));
}

function arrived({ pending, durable }: RpoRecord, through: OplogTime, seenAt: Date): Partial<RpoRecord> {
  const done = pending.findLast(({ time }) => compareOplogTimes(time, through) <= 0);
  if (!done) return durable ? { durable } : {};
  return {
    durable: { ...done, seenAt },
    pending: pending.filter(({ time }) => compareOplogTimes(time, done.time) > 0),
  };
}

interface Seen {
  readonly region: Region;
  readonly newest: boolean;
  /** Whether it has what was newest at the look before. */
  readonly before: boolean;
  readonly why: string | undefined;
}

async function lookIn(store: ObjectStore, key: string, before: string | undefined): Promise<Seen> {
  const { region } = store;
  try {
    const newest = (await store.head(key)) !== undefined;
    const had = newest || (before !== undefined && (await store.head(before)) !== undefined);
    return { region, newest, before: had, why: undefined };
  } catch (thrown) {
    return { region, newest: false, before: false, why: asDrError(thrown).message };
  }
}
