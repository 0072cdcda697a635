import type { Preview } from '#chatops';
import { at, BackupId, DrError, formatBytes, formatCount, formatDuration } from '#core';
import { restoreWorkflow } from '#restore';
import { type BackupListing, listBackups } from '#vault';
import { stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';

type Known = Extract<BackupListing, { header: unknown }>;

/** What a restore beside would do. Harmless: nothing live is touched. */
export async function restorePreview(
  { backup, only }: { backup: string; only: string | undefined },
  world: HoldfastWorld,
): Promise<Preview> {
  const found = await chooseBackup(backup, world);
  const { header } = found;
  const databases = world.plan.mongodb.databases;
  const namespaces = only ? namespacesOf(only, databases) : undefined;
  const history = await stepHistory(world.journal, restoreWorkflow.name);
  const end = new Date(header.window.end.seconds * 1000);
  const took = history.runs > 0 ? `About ${formatDuration(history.totalUsualMs)}` : 'Time not known yet';
  return {
    title: `restore of ${header.backup} beside`,
    job: 'restore',
    payload: { backupId: header.backup, databases, ...(namespaces ? { namespaces } : {}) },
    facts: { backup: header.backup, databases, namespaces: namespaces ?? 'all' },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          [`${namespaces ? namespaces.join(', ') : databases.join(', ')} as of `, at(end), `, from ${header.backup}.`],
          ['Goes beside the live data. Nothing live is touched.'],
          [`${took} for ${formatCount(header.documents)} documents, ${formatBytes(header.bytes)}.`],
        ],
      },
    ],
    details: [],
    effect: 'Nothing live is touched.',
    smallPrint: ['The swap is asked for afterwards, with its own preview and approvals.'],
  };
}

/** `latest` is the newest verified one; a damaged or unreadable backup is only taken when it is named and restorable. */
async function chooseBackup(wanted: string, world: HoldfastWorld): Promise<Known> {
  const { backups } = await listBackups(world.backup.vault, { limit: 500 });
  const known = backups.filter((backup): backup is Known => backup.state !== 'UNREADABLE');
  if (wanted.toLowerCase() === 'latest') {
    const verified = known.find(({ state }) => state === 'VERIFIED') ?? known.find(({ check }) => check?.restorable);
    if (verified) return verified;
    throw new DrError('BACKUP_UNKNOWN', 'user', 'There is no verified backup yet. Nothing was changed.', {
      hint: 'Take one: /dr backup mongodb',
    });
  }
  const id = BackupId.safeParse(wanted.toUpperCase().replace(/[A-Z]$/, (letter) => letter.toLowerCase()));
  const found = id.success ? known.find(({ header }) => header.backup === id.data) : undefined;
  if (found && (found.state !== 'DAMAGED' || found.check?.restorable)) return found;
  if (found) {
    throw new DrError('BACKUP_DAMAGED', 'user', `${wanted} is damaged in every region. Nothing was changed.`, {
      hint: 'Choose another: /dr backups',
    });
  }
  throw new DrError('BACKUP_UNKNOWN', 'user', `There is no backup "${wanted.slice(0, 40)}". Nothing was changed.`, {
    hint: known[0] ? `The newest is ${known[0].header.backup}. All: /dr backups` : 'Take one: /dr backup mongodb',
  });
}

/** `driver_logs,positions` or `eld.driver_logs`: without a database, the plan's first. */
export const namespacesOf = (only: string, databases: readonly string[]): string[] =>
  only
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => (databases.some((database) => name.startsWith(`${database}.`)) ? name : `${databases[0]}.${name}`));
