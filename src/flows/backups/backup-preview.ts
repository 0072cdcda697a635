import type { Preview } from '#chatops';
import { counted, formatBytes, formatDuration } from '#core';
import { regionsOf, sayRetention } from '#plan';
import { type BackupListing, type ManifestHeader, shownBackups } from '#vault';
import type { HoldfastWorld } from '../holdfast-world.ts';

const CHANGES = [
  'Only documents that the oplog says were written since the newest backup; a full one where that can not be told.',
];

/** A day of backups of changes, and the full one before them. */
const LOOKED_AT = 30;

function lastOf(kind: ManifestHeader['kind'], backups: readonly BackupListing[]): string {
  const headers = backups.flatMap((backup) => (backup.state === 'UNREADABLE' ? [] : [backup.header]));
  const last = headers.find((header) => header.kind === kind);
  if (!last) return 'How long it takes is not known yet.';
  const tookMs = new Date(last.finishedAt).getTime() - new Date(last.startedAt).getTime();
  return `The last one took ${formatDuration(tookMs)} for ${formatBytes(last.bytes)}.`;
}

/** What a backup would do. Harmless, so it needs nobody; still shown, and the same every time. */
export async function backupPreview({ changes }: { changes: boolean }, world: HoldfastWorld): Promise<Preview> {
  const { mongodb } = world.plan;
  const { databases } = mongodb;
  const last = lastOf(
    changes ? 'incremental' : 'full',
    (await shownBackups(world.backup.vault, { limit: LOOKED_AT })).backups,
  );
  const regions = regionsOf(world.plan).filter((region) => mongodb.vaultBuckets[region] !== undefined);
  return {
    title: changes ? `backup of what changed in ${databases.join(', ')}` : `full backup of ${databases.join(', ')}`,
    job: 'backup',
    payload: {
      databases: { include: databases, exclude: [] },
      only: changes ? 'changes' : 'everything',
      // what stays longer is locked longer by the daily round; locked for all its years, nothing could be thinned out
      lock: { mode: mongodb.objectLock, days: mongodb.firstLockDays },
    },
    facts: {
      databases,
      only: changes ? 'changes' : 'everything',
      regions,
      lock: mongodb.objectLock,
      days: mongodb.firstLockDays,
    },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          [`Reads a secondary; nothing live is touched. ${last}`],
          ...(changes ? [CHANGES] : []),
          [
            `Encrypted, stored in ${regions.join(', ')}, locked for ${counted(mongodb.firstLockDays, 'day')}, then as long as it is kept: up to ${sayRetention(mongodb.retention)}.`,
          ],
        ],
      },
    ],
    details: [],
    effect: 'Nothing live is touched.',
    smallPrint: [],
  };
}
