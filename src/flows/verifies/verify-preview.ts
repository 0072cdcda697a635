import type { Preview } from '#chatops';
import { counted, DrError, formatBytes } from '#core';
import { chooseBackups, type Which } from '#integrity';
import { backupIdIn } from '../backups/backup-id-in.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What reading backups back would do. Harmless, so it needs nobody. */
export async function verifyPreview(
  asked: { backup: string; percent: number | undefined },
  world: HoldfastWorld,
): Promise<Preview> {
  const which = whichOf(asked);
  const { vault } = world.backup;
  const chosen = await chooseBackups(vault, which);
  const bytes = chosen.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  const [only] = chosen;
  const regions = vault.stores.map(({ region }) => region);
  const unread = which.kind === 'share' ? 'Those not read for the longest time first.' : undefined;
  return {
    title: `verification of ${chosen.length === 1 && only ? only.backup : counted(chosen.length, 'backup')}`,
    job: 'verify',
    payload: { which },
    facts: { which, regions },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          [`Reads ${formatBytes(bytes)} back from ${regions.join(', ')}, and opens all of it.`],
          ...(unread ? [[unread]] : []),
          ['What is damaged in one region is written again from another. Nothing live is touched.'],
        ],
      },
    ],
    details: [],
    effect: 'Nothing live is touched.',
    smallPrint: [],
  };
}

function whichOf({ backup, percent }: { backup: string; percent: number | undefined }): Which {
  const word = backup.toLowerCase();
  if (percent !== undefined) {
    if (word !== 'latest' && word !== 'all') {
      throw new DrError('ARGUMENTS_INVALID', 'user', '--percent is a share of all backups, not of one.', {
        hint: `Either /dr verify ${backup} or /dr verify --percent ${percent}`,
      });
    }
    return { kind: 'share', percent };
  }
  if (word === 'all') return { kind: 'all' };
  if (word === 'latest') return { kind: 'newest' };
  const id = backupIdIn(backup);
  if (id) return { kind: 'one', backup: id };
  throw new DrError('BACKUP_UNKNOWN', 'user', `There is no backup "${backup.slice(0, 40)}". Nothing was changed.`, {
    hint: 'List them: /dr backups',
  });
}
