import type { Preview } from '#chatops';
import { formatBytes, formatDuration } from '#core';
import { leastDays, regionsOf, sayRetention } from '#plan';
import { backupWorkflow } from '#snapshot';
import { listBackups } from '#vault';
import { stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What a backup would do. Harmless, so it needs nobody; still shown, and the same every time. */
export async function backupPreview(world: HoldfastWorld): Promise<Preview> {
  const { mongodb } = world.plan;
  const { databases } = mongodb;
  const history = await stepHistory(world.journal, backupWorkflow.name);
  const [last] = (await listBackups(world.backup.vault, { limit: 1 })).backups;
  const size = last && last.state !== 'UNREADABLE' ? ` The last one was ${formatBytes(last.header.bytes)}.` : '';
  const took = history.runs > 0 ? `about ${formatDuration(history.totalUsualMs)}` : 'not known yet';
  const regions = regionsOf(world.plan).filter((region) => mongodb.vaultBuckets[region] !== undefined);
  return {
    title: `full backup of ${databases.join(', ')}`,
    job: 'backup',
    payload: {
      databases: { include: databases, exclude: [] },
      lock: { mode: mongodb.objectLock, days: leastDays(mongodb.retention) },
    },
    facts: { databases, kind: 'full', regions, lock: mongodb.objectLock, days: leastDays(mongodb.retention) },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          [`Reads a secondary; nothing live is touched. Takes ${took}.${size}`],
          [`Encrypted, stored in ${regions.join(', ')}, locked for ${sayRetention(mongodb.retention)}.`],
        ],
      },
    ],
    details: [],
    effect: 'Nothing live is touched.',
    smallPrint: [],
  };
}
