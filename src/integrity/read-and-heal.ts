import { z } from 'zod';
import { asDrError, BackupId, Region } from '#core';
import {
  type BackupCheck,
  type BackupPlace,
  Damage,
  FORMAT,
  HealedCopy,
  healBackup,
  healBackupKeys,
  keepCheck,
  noteBackup,
  type Vault,
  verifyBackup,
} from '#vault';

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
 * Reads every copy of a backup and of its key back; what is damaged is written again from another region, and everything is read once
 * more. Damage is a result. Throws transient errors only: whoever asks may ask again, and loses nothing by it.
 */
export async function readAndHeal(vault: Vault, backup: BackupPlace, signal: AbortSignal): Promise<Finding> {
  try {
    const data = await readData(vault, backup, signal);
    const keys = await healBackupKeys(vault, backup, signal);
    return { ...data, damage: [...data.damage, ...keys.damage], healed: [...data.healed, ...keys.healed] };
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind !== 'permanent') throw error;
    const finding = unreadable(vault, backup.backup, error.message);
    if (error.code === 'BACKUP_DAMAGED' || error.data['isLost'] === true)
      await rememberUnreadable(vault, backup, finding);
    return finding;
  }
}

async function readData(vault: Vault, backup: BackupPlace, signal: AbortSignal): Promise<Finding> {
  const first = await verifyBackup(vault, backup, signal);
  if (first.damage.length === 0) return findingOf(first);
  const healed = await healBackup(vault, backup, first.damage, signal);
  return findingOf(healed.length === 0 ? first : await verifyBackup(vault, backup, signal, healed));
}

const findingOf = ({ backup, damage, healed, restorable, unreachable }: BackupCheck): Finding => ({
  backup,
  damage,
  healed,
  restorable,
  unreachable,
});

/** Whoever lists backups must see that this one leads nowhere; a key service that refuses whoever asks says no such thing. */
async function rememberUnreadable(vault: Vault, { year, backup }: BackupPlace, { damage }: Finding): Promise<void> {
  await keepCheck(
    vault,
    { year, backup },
    {
      ...{ format: FORMAT, year, backup, at: vault.clock.now(), verdict: 'DAMAGED', restorable: false },
      ...{ regions: vault.stores.map(({ region }) => region), unreachable: [], damage, healed: [] },
    },
  );
  await noteBackup(vault, { year, backup });
}

/** No region's manifest is whole, or no key opens it: nothing further can be said about it. */
const unreadable = ({ stores }: Vault, backup: BackupId, problem: string): Finding => ({
  backup,
  damage: stores.map(({ region }) => ({ region, segment: 'manifest', problem })),
  healed: [],
  restorable: false,
  unreachable: [],
});
