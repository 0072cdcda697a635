import { asDrError, DrError } from '#core';
import { compareOplogTimes } from '#ports';
import type { Damage } from './backup-check.ts';
import type { BackupPlace } from './format.ts';
import type { ManifestHeader } from './manifest.ts';
import { type OpenBackup, openBackup } from './open-backup.ts';
import type { Vault } from './vault.ts';

/** A backup and all it stands on: itself first, the full one last. */
export type BackupChain = readonly [OpenBackup, ...OpenBackup[]];

/** Far more than a chain is let grow to: a manifest that leads on for ever must not be followed. */
const MOST_LINKS = 1000;

/**
 * Opens what an incremental stands on, up to its full backup; of a full one, itself alone. Each is proved like any. Throws
 * BACKUP_DAMAGED (permanent) where one is missing or can't be the parent of the next; else as `openBackup`. `backup` stays
 * open then; the parents that were opened are closed.
 */
export async function openChain(
  vault: Vault,
  backup: OpenBackup,
  onDamage: (damage: Damage) => void = () => undefined,
): Promise<BackupChain> {
  const parents: OpenBackup[] = [];
  let child = backup.manifest.header;
  try {
    while (child.parent) {
      if (parents.length >= MOST_LINKS) throw broken(child, 'it never comes to a full one');
      const parent = await openParent(vault, child, child.parent, onDamage);
      parents.push(parent);
      child = parent.manifest.header;
    }
    return [backup, ...parents];
  } catch (error) {
    for (const parent of parents) parent.close();
    throw error;
  }
}

async function openParent(
  vault: Vault,
  child: ManifestHeader,
  place: BackupPlace,
  onDamage: (damage: Damage) => void,
): Promise<OpenBackup> {
  const parent = await openBackup(vault, place, onDamage).catch((error: unknown) => {
    if (asDrError(error).code !== 'BACKUP_DAMAGED') throw error;
    throw broken(child, `${place.backup}, on which it stands, is damaged or gone everywhere`, error);
  });
  const { header } = parent.manifest;
  // what was written between the two would be in neither
  if (compareOplogTimes(header.window.end, child.window.start) <= 0) return parent;
  parent.close();
  throw broken(child, `${place.backup} was not complete when it was taken`);
}

const broken = ({ backup }: ManifestHeader, why: string, cause?: unknown): DrError =>
  new DrError('BACKUP_DAMAGED', 'permanent', `${backup} has only what changed, and can't be followed back: ${why}.`, {
    cause,
    hint: 'Choose another backup: /dr backups',
  });
