import type { Asked, Preview } from '#chatops';
import { DrError, outside, type Text } from '#core';
import { findBackup, readHolds, type Vault } from '#vault';
import { backupIdIn } from '../backups/backup-id-in.ts';
import type { PruneWorld } from './retention-of.ts';

interface Wanted {
  readonly backup: string;
  readonly reason: string;
}

/** What holding a backup would do. */
export async function holdPreview({ backup, reason }: Wanted, asked: Asked, world: PruneWorld): Promise<Preview> {
  const place = await placeIn(backup, world.backup.vault);
  return preview('backups-hold', `hold on ${place.backup}`, { ...place, by: asked.name, reason }, [
    [`${place.backup} and all it needs stay in every region until somebody lets go, whatever plan.yaml says.`],
    ['Why: ', outside(reason)],
  ]);
}

/** What letting a held backup go would do. Throws WRONG_STATE (user) when nobody holds it. */
export async function releasePreview({ backup, reason }: Wanted, asked: Asked, world: PruneWorld): Promise<Preview> {
  const { vault } = world.backup;
  const place = await placeIn(backup, vault);
  const hold = (await readHolds(vault)).find(
    (each) => each.place.year === place.year && each.place.backup === place.backup,
  );
  if (!hold) {
    throw new DrError('WRONG_STATE', 'user', `Nobody holds ${place.backup}. Nothing was changed.`, {
      hint: 'What is held, and what could go: /dr prune',
    });
  }
  return preview('backups-release', `release of ${place.backup}`, { ...place, by: asked.name, reason }, [
    ['Held by ', outside(hold.by), ': ', outside(hold.reason)],
    ['From then on only plan.yaml keeps it: past its term it may be deleted.'],
    ['Why: ', outside(reason)],
  ]);
}

const preview = (
  job: string,
  title: string,
  payload: { year: number; backup: string; by: string; reason: string },
  lines: Text[],
): Preview => ({
  title,
  job,
  payload,
  facts: { year: payload.year, backup: payload.backup },
  limits: {},
  live: {},
  sections: [{ lines }],
  details: [],
  effect: 'Nothing live is touched.',
  smallPrint: [],
});

async function placeIn(typed: string, vault: Vault) {
  const id = backupIdIn(typed);
  if (id) return findBackup(vault, id);
  throw new DrError('BACKUP_UNKNOWN', 'user', `There is no backup "${typed.slice(0, 40)}". Nothing was changed.`, {
    hint: 'List them: /dr backups',
  });
}
