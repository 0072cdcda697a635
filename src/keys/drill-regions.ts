import { z } from 'zod';
import { asDrError, BackupId, Region } from '#core';
import { type BackupPlace, listBackups, openManifest, type Vault } from '#vault';

/** Whether one region's key, alone, opens the newest backup. */
export const Drill = z.object({
  region: Region,
  backup: BackupId,
  result: z.enum(['OPENS', 'SILENT', 'REFUSED']),
  problem: z.string().optional(),
});
export type Drill = z.output<typeof Drill>;

/** The newest backup whose manifest can be read; undefined when there is none. Throws what `listBackups` throws. */
export async function newestBackup(vault: Vault): Promise<BackupPlace | undefined> {
  const { backups } = await listBackups(vault, { limit: 5 });
  for (const listing of backups) if (listing.state !== 'UNREADABLE') return listing.header;
  return undefined;
}

/**
 * Opens the newest backup once with each region's key service alone, as if all others were gone. What does not open is
 * a result, not an error. Empty when there is no backup yet. Changes nothing.
 */
export async function drillRegions(vault: Vault, backup: BackupPlace): Promise<Drill[]> {
  return Promise.all(
    vault.keys.map(async (service): Promise<Drill> => {
      const tried = { region: service.region, backup: backup.backup };
      try {
        const { key } = await openManifest({ ...vault, keys: [service] }, backup);
        key.forget();
        return { ...tried, result: 'OPENS' };
      } catch (thrown) {
        const error = asDrError(thrown);
        return { ...tried, result: error.kind === 'transient' ? 'SILENT' : 'REFUSED', problem: problemOf(error) };
      }
    }),
  );
}

/** What the key service said, where that is known: the sentence about all of them says less. */
function problemOf({ message, data }: { message: string; data: Readonly<Record<string, unknown>> }): string {
  const failures = z.array(z.object({ message: z.string() })).safeParse(data['failures']).data ?? [];
  return failures.at(-1)?.message ?? message;
}
