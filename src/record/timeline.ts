import type { z } from 'zod';
import { type Clock, DrError, hashOf, type RandomBytes } from '#core';
import type { ControlStore, Records } from '#ports';
import { NewEntry, NO_HASH, type ThreadId, TimelineEntry } from './entry.ts';
import { wellFormed } from './well-formed.ts';

export interface TimelineQuery {
  readonly thread?: ThreadId;
  /** Only entries with a larger sequence. */
  readonly after?: number;
  readonly inThread?: boolean;
  readonly limit: number;
}

/** The record: append-only, in one order, each entry bound to the one before by its hash. */
export interface Timeline {
  /**
   * Adds a fact and returns it as recorded. Idempotent by `id`: the same id again returns the first entry and changes
   * nothing. Throws STORE_UNAVAILABLE (transient): repeat it with the same id.
   */
  append(entry: NewEntry): Promise<TimelineEntry>;
  /** Entries by ascending sequence. */
  read(query: TimelineQuery): Promise<TimelineEntry[]>;
  /** The newest entry; undefined before the first. */
  head(): Promise<TimelineEntry | undefined>;
  /** Calls `listener` after each entry this process appended; returns how to stop. A hint: others append too. */
  onAppend(listener: () => void): () => void;
}

interface Parts {
  readonly store: ControlStore;
  readonly clock: Clock;
  /** Spreads the retries of processes that append at once. */
  readonly random: RandomBytes;
}

export const timelineRecords = (store: ControlStore): Records<TimelineEntry> =>
  store.records('timeline', TimelineEntry, { unique: ['sequence'], indexed: ['thread'] });

export function createTimeline({ store, clock, random }: Parts): Timeline {
  const records = timelineRecords(store);
  const listeners = new Set<() => void>();
  let head: TimelineEntry | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const readHead = async (): Promise<TimelineEntry | undefined> => {
    const [newest] = await records.find({ sort: { by: 'sequence', order: 'descending' }, limit: 1 });
    return newest?.value;
  };

  /** Only after a majority has entry n is n + 1 written: an election can then never leave a gap. */
  const write = async (entry: NewEntry): Promise<TimelineEntry> => {
    const facts = wellFormed(NewEntry.parse(entry));
    for (let attempt = 0; attempt < 200; attempt += 1) {
      head ??= await readHead();
      const next = chained(facts, head, await store.now());
      try {
        await records.insert(next);
        head = next;
        return next;
      } catch (thrown) {
        head = undefined;
        const field = takenField(thrown);
        if (field === undefined) throw thrown;
        const existing = await records.get(facts.id);
        if (existing) return existing.value;
      }
      await clock.sleep(((random(1)[0] ?? 0) / 255) * Math.min(20 + attempt * 10, 200));
    }
    throw new DrError('STORE_UNAVAILABLE', 'transient', `Two hundred entries were faster than ${facts.id}.`);
  };

  return {
    append: (entry) => {
      // One at a time in this process: ten that race each other would only make each other try again.
      const mine = last.then(() => write(entry));
      last = mine.catch(() => undefined);
      return mine.then((written) => {
        for (const listener of listeners) listener();
        return written;
      });
    },
    read: async ({ thread, after = 0, inThread, limit }) => {
      const where = {
        ...(thread === undefined ? {} : { thread }),
        ...(inThread === undefined ? {} : { inThread }),
        sequence: { above: after },
      };
      const found = await records.find({ where, sort: { by: 'sequence', order: 'ascending' }, limit });
      return found.map(({ value }) => value);
    },
    head: readHead,
    onAppend: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function chained(facts: z.output<typeof NewEntry>, head: TimelineEntry | undefined, at: Date): TimelineEntry {
  const thread = facts.request ?? facts.incident ?? facts.alarm;
  const place = { sequence: (head?.sequence ?? 0) + 1, at, previousHash: head?.hash ?? NO_HASH };
  const unsealed = { ...facts, ...(thread === undefined ? {} : { thread }), ...place };
  return TimelineEntry.parse({ ...unsealed, hash: hashOf(unsealed) });
}

function takenField(thrown: unknown): string | undefined {
  return thrown instanceof DrError && thrown.code === 'ALREADY_EXISTS' ? String(thrown.data['field']) : undefined;
}
