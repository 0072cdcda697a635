import { z } from 'zod';
import { BackupId, type RequestId } from '#core';
import { DAY_MS, type InUse } from '#retention';
import { isOver, type Journal, type RunRecord } from '#workflow';

/** Runs whose input says which backup they read. */
const READS = ['restore', 'restore-as', 'restore-on', 'restore-swap', 'restore-undo', 'cold-failover'];
/** Runs whose first step chose it. */
const CHOOSES = ['backup', 'verify'];

const Reads = z.object({ backupId: BackupId });
const Chosen = z.union([
  z.object({ backupId: BackupId }).transform(({ backupId }) => [backupId]),
  z
    .object({ backups: z.array(z.object({ backup: BackupId })) })
    .transform(({ backups }) => backups.map((each) => each.backup)),
]);

/** More than can be under way; were there more, nothing could be said about the rest. */
const MOST = 1_000;

/**
 * The backups that runs work with: those under way, held or failed and not put back, and restores of the last days,
 * which a swap may follow. A backup that failed is not among them: going on with it makes a new attempt.
 */
export async function runsInUse(journal: Journal, now: Date, keepDays: number): Promise<InUse[]> {
  const open = await journal.find({
    where: {
      workflow: { in: [...READS, ...CHOOSES] },
      state: { in: ['waiting', 'running', 'held', 'putting-back', 'failed'] },
    },
    sort: { by: 'createdAt', order: 'descending' },
    limit: MOST,
  });
  const done = await journal.find({
    where: { workflow: 'restore', state: 'done', endedAt: { above: new Date(now.getTime() - keepDays * DAY_MS) } },
    limit: MOST,
  });
  const moving = open.map(({ value }) => value).filter((run) => !isOver(run));
  return [
    ...moving.filter(({ workflow, state }) => !(CHOOSES.includes(workflow) && state === 'failed')).flatMap(usedBy),
    ...done.flatMap(({ value }) => usedBy(value)),
  ];
}

function usedBy({ id, workflow, input, steps }: RunRecord): InUse[] {
  const named = Reads.safeParse(input);
  if (named.success) return [use(id, workflow, named.data.backupId)];
  const chosen = Chosen.safeParse(steps[0]?.output);
  return chosen.success ? chosen.data.map((backup) => use(id, workflow, backup)) : [];
}

const use = (run: RequestId, what: string, backup: BackupId): InUse => ({ backup, run, what });
