import { z } from 'zod';
import { DrError, RequestId } from '#core';
import { type ControlStore, insertNew, type Records } from '#ports';
import { type Journal, readRun } from './journal.ts';
import { isOver, type RunRecord } from './run-record.ts';

const LockRecord = z.object({ id: z.string(), run: RequestId });
type LockRecord = z.output<typeof LockRecord>;
export type Locks = Records<LockRecord>;

export const openLocks = (store: ControlStore): Locks => store.records<LockRecord>('locks', LockRecord);

/**
 * Takes the word for a whole run, however many workers carry it, until the run is over. It has no expiry: a crashed
 * failover must not let a second one start beside its half-done steps. A lock whose run is over is taken over.
 * Idempotent for the same run; LOCKED (user) names the run that holds it.
 */
export async function takeLock(locks: Locks, journal: Journal, word: string, run: RequestId): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const held = await locks.get(word);
    if (held?.value.run === run) return;
    if (held) {
      const holder = await readRun(journal, held.value.run).catch(() => undefined);
      if (holder && !isOver(holder)) {
        throw new DrError('LOCKED', 'user', `${holder.id} (${holder.workflow}) is under way. One ${word} at a time.`, {
          hint: `Look: /dr show ${holder.id}`,
          data: { run: holder.id },
        });
      }
      if (await locks.replace(held, { id: word, run })) return;
    } else if (await insertNew(locks, { id: word, run })) return;
  }
  throw new DrError('LOCKED', 'transient', `The lock "${word}" keeps changing hands.`);
}

/** Which run holds the word now, if it is not over. */
export async function lockHolder(locks: Locks, journal: Journal, word: string): Promise<RunRecord | undefined> {
  const held = await locks.get(word);
  if (!held) return undefined;
  const holder = await readRun(journal, held.value.run).catch(() => undefined);
  return holder && !isOver(holder) ? holder : undefined;
}

export const releaseLock = async (locks: Locks, word: string, run: RequestId): Promise<void> => {
  const held = await locks.get(word);
  if (held?.value.run === run) await locks.remove(held);
};
