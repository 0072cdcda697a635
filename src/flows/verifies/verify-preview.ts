import type { Preview } from '#chatops';
import { counted, DrError, formatBytes, type Text } from '#core';
import { chooseBackups, percentOfHours, readableHours, type Which } from '#integrity';
import { listTimelines } from '#vault';
import { backupIdIn } from '../backups/backup-id-in.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What reading backups and captured hours back would do. Harmless, so it needs nobody. */
export async function verifyPreview(
  asked: { backup: string; percent: number | undefined },
  world: HoldfastWorld,
): Promise<Preview> {
  const which = whichOf(asked);
  const { vault } = world.backup;
  const hours = await hoursOf(which, world);
  const chosen = await chooseBackups(vault, which, hours > 0);
  const bytes = chosen.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  const [only] = chosen;
  const regions = vault.stores.map(({ region }) => region);
  const unread = which.kind === 'share' ? 'Those not read for the longest time first.' : undefined;
  return {
    title: `verification of ${whatOf(chosen.length === 1 && only ? only.backup : counted(chosen.length, 'backup'), which, hours)}`,
    job: 'verify',
    payload: { which },
    facts: { which, regions },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          ...(chosen.length > 0
            ? [[`Reads ${formatBytes(bytes)} back from ${regions.join(', ')}, and opens all of it.`] as Text]
            : []),
          ...(hours > 0
            ? [
                [
                  `Reads ${counted(hours, 'captured hour')} back from ${regions.join(', ')}, and proves every link.`,
                ] as Text,
              ]
            : []),
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

/** How many captured hours would be read. */
async function hoursOf(which: Which, { backup: { vault } }: HoldfastWorld): Promise<number> {
  const percent = percentOfHours(which);
  if (percent === 0) return 0;
  const hours = await readableHours(vault, await listTimelines(vault));
  return Math.ceil((hours.length * percent) / 100);
}

function whatOf(backups: string, { kind }: Which, hours: number): string {
  const captured = counted(hours, 'captured hour');
  if (kind === 'captured') return captured;
  return hours > 0 ? `${backups}, ${captured}` : backups;
}

function whichOf({ backup, percent }: { backup: string; percent: number | undefined }): Which {
  const word = backup.toLowerCase();
  if (percent !== undefined) {
    if (word !== 'latest' && word !== 'all') {
      throw new DrError('ARGUMENTS_INVALID', 'user', '--percent is a share of everything, not of one backup.', {
        hint: `Either /dr verify ${backup} or /dr verify --percent ${percent}`,
      });
    }
    return { kind: 'share', percent };
  }
  if (word === 'all') return { kind: 'all' };
  if (word === 'captured') return { kind: 'captured' };
  if (word === 'latest') return { kind: 'newest' };
  const id = backupIdIn(backup);
  if (id) return { kind: 'one', backup: id };
  throw new DrError('BACKUP_UNKNOWN', 'user', `There is no backup "${backup.slice(0, 40)}". Nothing was changed.`, {
    hint: 'List them: /dr backups',
  });
}
