import { z } from 'zod';
import { asDrError, BackupId, Region } from '#core';
import { type BackupCheck, type BackupPlace, Damage, HealedCopy, healBackup, type Vault, verifyBackup } from '#vault';

/** What reading one backup found, and what was done about it. */
export const Finding = z.object({
  backup: BackupId,
  /** What is still wrong. */
  damage: z.array(Damage),
  healed: z.array(HealedCopy),
  /** Whether everything has a whole copy somewhere. */
  restorable: z.boolean(),
  unreachable: z.array(Region),
});
export type Finding = z.output<typeof Finding>;

/**
 * Reads every copy of a backup back; what is damaged is written again from another region, and everything is read once
 * more. Damage is a result. Throws transient errors only: whoever asks may ask again, and loses nothing by it.
 */
export async function readAndHeal(vault: Vault, backup: BackupPlace, signal: AbortSignal): Promise<Finding> {
  try {
    const first = await verifyBackup(vault, backup, signal);
    if (first.damage.length === 0) return findingOf(first);
    const healed = await healBackup(vault, backup, first.damage, signal);
    return findingOf(healed.length === 0 ? first : await verifyBackup(vault, backup, signal, healed));
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind !== 'permanent') throw error;
    return unreadable(vault, backup.backup, error.message);
  }
}

const findingOf = ({ backup, damage, healed, restorable, unreachable }: BackupCheck): Finding => ({
  backup,
  damage,
  healed,
  restorable,
  unreachable,
});

/** No region's manifest is whole, or no key opens it: nothing further can be said about it. */
const unreadable = ({ stores }: Vault, backup: BackupId, problem: string): Finding => ({
  backup,
  damage: stores.map(({ region }) => ({ region, segment: 'manifest', problem })),
  healed: [],
  restorable: false,
  unreachable: [],
});
