import type { Rule, Sighting } from '#alarms';
import { at, DrError, formatDuration, say } from '#core';
import { compareOplogTimes } from '#ports';
import { openSchedules } from '#queue';
import { type BackupListing, listBackups } from '#vault';
import type { Journal, RunRecord } from '#workflow';
import { isMoving } from '#workflow';
import type { AlarmWorld } from './alarm-world.ts';
import { dueChanges, dueFull } from './due-backup.ts';

/** A day of backups of changes and the full ones around it. */
const LOOKED_AT = 60;

/** The last full backup, or the last one of changes, is not there although its time has come and gone. */
export const backupLate = ({ plan, store, vault, journal }: AlarmWorld): Rule => ({
  name: 'backup-late',
  about: 'whether backups are on time',
  everyMs: 60_000,
  // after everything was down, what is made good at once was not late
  raiseAfterMs: 5 * 60_000,
  overAfterMs: 0,
  look: async () => {
    const schedules = openSchedules(store);
    const [full, changes, { backups, unreachable }, run, now] = await Promise.all([
      schedules.get('mongodb-full'),
      schedules.get('mongodb-changes'),
      listBackups(vault, { limit: LOOKED_AT }),
      newestRun(journal, 'backup'),
      store.now(),
    ]);
    if (unreachable.length === vault.stores.length) throw noRegion();
    const running = run && isMoving(run) ? run : undefined;
    const oldest = endsOf(backups, false)[0];
    const dues = [
      {
        name: 'full',
        due: dueFull(plan, { state: full?.value, oldest }, now),
        start: '/dr backup mongodb',
        waits: false,
      },
      {
        name: 'changes',
        due: dueChanges(plan, { state: changes?.value, oldest }, now),
        start: '/dr backup mongodb --changes',
        // a long full one covers it
        waits: running !== undefined,
      },
    ];
    return dues.map(({ name, due, start, waits }): Sighting => {
      const key = `backup-late/${name}`;
      const last = endsOf(backups, name === 'full').at(-1);
      if (!due || waits || (last && last >= due.dueAt)) return { key, state: 'good' };
      const lateMs = now.getTime() - due.dueAt.getTime();
      return {
        key,
        state: 'bad',
        since: due.lateAt,
        title: name === 'full' ? 'The full backup is late' : 'The backup of changes is late',
        cause: say`It was due ${at(due.dueAt)}. ${sayRun(run, due.dueAt)}`,
        effect: last
          ? say`The last one reaches ${at(last)}. Times since then need everything captured since: a restore takes longer the older it is.`
          : ['There is none: what was captured can be restored only from a backup on.'],
        next: running ? `/dr show ${running.id}` : start,
        numbers: { lateMs, ...(last ? { ageMs: now.getTime() - last.getTime() } : {}) },
        mark: run?.failure?.code ?? 'late',
      };
    });
  },
});

/** The newest backup that was tried failed, and none has succeeded since. */
export const backupFailed = ({ journal }: AlarmWorld): Rule => ({
  name: 'backup-failed',
  about: 'how the last backup ended',
  everyMs: 15_000,
  raiseAfterMs: 0,
  overAfterMs: 0,
  look: async () => [await failedRun(journal, 'backup', 'backup-failed', 'The last backup failed')],
});

/** What the newest ended run of a workflow says. */
export async function failedRun(
  journal: Journal,
  workflow: string,
  key: string,
  title: string,
  effect = 'What was backed up and captured before can be restored as before.',
): Promise<Sighting> {
  const run = await newestRun(journal, workflow, ['done', 'failed', 'stopped', 'refused']);
  if (run?.state !== 'failed' || run.closed) return { key, state: 'good' };
  const { message = 'It ended without saying why.', code = 'UNEXPECTED' } = run.failure ?? {};
  return {
    key,
    state: 'bad',
    since: run.endedAt,
    title,
    cause: say`${run.id}: ${message}`,
    effect: [effect],
    next: run.failure?.hint?.startsWith('/dr') ? run.failure.hint : `/dr show ${run.id}`,
    numbers: {},
    mark: `${run.id} ${code}`,
  };
}

export async function newestRun(
  journal: Journal,
  workflow: string,
  states?: readonly RunRecord['state'][],
): Promise<RunRecord | undefined> {
  const [newest] = await journal.find({
    where: { workflow, ...(states ? { state: { in: states } } : {}) },
    sort: { by: 'createdAt', order: 'descending' },
    limit: 1,
  });
  return newest?.value;
}

/** The times to which they reach, the oldest first. */
const endsOf = (backups: readonly BackupListing[], onlyFull: boolean): Date[] =>
  backups
    .flatMap((backup) =>
      backup.state === 'UNREADABLE' || (onlyFull && backup.header.kind !== 'full') ? [] : [backup.header.window.end],
    )
    .sort(compareOplogTimes)
    .map(({ seconds }) => new Date(seconds * 1_000));

function sayRun(run: RunRecord | undefined, dueAt: Date): string {
  if (!run || run.createdAt < dueAt) return 'Nothing has been started since.';
  if (isMoving(run)) return `${run.id} is under way${run.startedAt ? '' : ', not started yet'}.`;
  return `${run.id} ended as ${run.state.toUpperCase()}${run.failure ? `: ${run.failure.message}` : '.'}${tookOf(run)}`;
}

const tookOf = ({ startedAt, endedAt }: RunRecord): string =>
  startedAt && endedAt ? ` It took ${formatDuration(endedAt.getTime() - startedAt.getTime())}.` : '';

const noRegion = (): DrError => new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'No region of the vault answers.');
