import type { Rule, Sighting } from '#alarms';
import { at, counted, formatDuration, say } from '#core';
import { readLost, sayLost } from '#integrity';
import { lookAtKeys } from '#keys';
import { listBackups } from '#vault';
import type { AlarmWorld } from './alarm-world.ts';
import { failedRun, newestRun } from './backup-rules.ts';

const DAY_MS = 86_400_000;
const LOOKED_AT = 60;

/** A verification found damage that is still there. */
export const damageFound = ({ vault, store }: AlarmWorld): Rule => ({
  name: 'damage',
  about: 'what verifications found',
  everyMs: 10 * 60_000,
  raiseAfterMs: 0,
  overAfterMs: 0,
  look: async () => {
    const [{ backups }, lost] = await Promise.all([listBackups(vault, { limit: LOOKED_AT }), readLost(store)]);
    const damaged = backups.flatMap((backup): Sighting[] => {
      if (backup.state !== 'DAMAGED' || !backup.check) return [];
      const { header, check } = backup;
      const regions = [...new Set(check.damage.map(({ region }) => region))];
      return [
        {
          key: `damage/${header.backup}`,
          state: 'bad',
          since: check.at,
          title: `${header.backup} is damaged`,
          cause: say`Reading it back at ${at(check.at)} found ${counted(check.damage.length, 'object')} damaged in ${regions.join(', ')}. ${check.damage[0]?.problem ?? ''}`,
          effect: [
            check.restorable
              ? 'It can be restored: another region has it whole.'
              : 'It can not be restored, nor what stands on it alone.',
          ],
          next: check.restorable ? `/dr verify ${header.backup}` : '/dr backup mongodb',
          numbers: { damaged: check.damage.length },
          mark: `${check.restorable} ${regions.join()}`,
        },
      ];
    });
    const [first] = lost;
    if (!first) return damaged;
    return [
      ...damaged,
      {
        key: 'damage/captured',
        state: 'bad',
        title: 'Captured writes are lost',
        cause: say`${counted(lost.length, 'stretch', 'stretches')}: ${sayLost(first)}${lost.length > 1 ? ' and others' : ''}.`,
        effect: ['These seconds can not be restored from what was captured. What is before and behind them can.'],
        next: '/dr backups --window',
        numbers: { stretches: lost.length },
        mark: String(lost.length),
      },
    ];
  },
});

/** A wrap that should have been made anew is a week older than the plan allows: a day's failed run is not that yet. */
const KEY_GRACE_DAYS = 7;

export const keysOverdue = ({ plan, vault, store }: AlarmWorld): Rule => ({
  name: 'keys-overdue',
  about: "how old the keys' wraps are",
  everyMs: 6 * 3_600_000,
  raiseAfterMs: 0,
  overAfterMs: 0,
  look: async () => {
    const key = 'keys-overdue';
    const [{ keys }, now] = await Promise.all([lookAtKeys(vault), store.now()]);
    const days = plan.encryption.keyRotationDays;
    const before = now.getTime() - (days + KEY_GRACE_DAYS) * DAY_MS;
    const old = keys.flatMap(({ madeAt }) => (madeAt && madeAt.getTime() < before ? [madeAt] : []));
    const [oldest] = old.sort((a, b) => a.getTime() - b.getTime());
    if (!oldest) return [{ key, state: 'good' }];
    return [
      {
        key,
        state: 'bad',
        since: new Date(oldest.getTime() + days * DAY_MS),
        title: 'Keys were not rotated in time',
        cause: say`${counted(old.length, 'data key')} wrapped more than ${days} days ago, the oldest at ${at(oldest)}.`,
        effect: ['Nothing is lost and everything opens; the plan promises newer wraps.'],
        next: '/dr keys rotate --due',
        numbers: { overdue: old.length, oldestDays: Math.floor((now.getTime() - oldest.getTime()) / DAY_MS) },
        mark: 'overdue',
      },
    ];
  },
});

/** The daily round runs each day; two that did not come to an end are no accident. */
const RETENTION_LATE_MS = 2.5 * DAY_MS;

export const retentionFailed = ({ journal, store }: AlarmWorld): Rule => ({
  name: 'retention-failed',
  about: 'how retention ended',
  everyMs: 5 * 60_000,
  raiseAfterMs: 0,
  overAfterMs: 0,
  look: async () => {
    const effect = 'Nothing is deleted that should stay, but locks are not made longer: they run out one by one.';
    const failed = await failedRun(journal, 'prune-daily', 'retention-failed', 'Retention failed', effect);
    if (failed.state === 'bad') return [failed];
    const [done, now] = await Promise.all([newestRun(journal, 'prune-daily', ['done']), store.now()]);
    const silentMs = done?.endedAt ? now.getTime() - done.endedAt.getTime() : 0;
    if (!done?.endedAt || silentMs < RETENTION_LATE_MS) return [failed];
    return [
      {
        key: 'retention-failed',
        state: 'bad',
        since: done.endedAt,
        title: 'Retention is late',
        cause: say`The last round that ended well was ${done.id}, ${formatDuration(silentMs)} ago.`,
        effect: [effect],
        next: '/dr prune daily',
        numbers: { silentMs },
        mark: 'late',
      },
    ];
  },
});
