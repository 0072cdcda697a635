import { z } from 'zod';
import { asDrError, BackupId, type DrError, Region } from '#core';
import type { ObjectStore } from '#ports';
import { type BackupPlace, FORMAT } from './format.ts';
import { checkKey, checkPrefix } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** One copy of one segment that is not what the manifest says, or could not be read. */
export const Damage = z.object({ region: Region, segment: z.string(), problem: z.string() });
export type Damage = z.output<typeof Damage>;

/** A copy that was damaged and was written again from another region's. */
export const HealedCopy = Damage.extend({ from: Region });
export type HealedCopy = z.output<typeof HealedCopy>;

/**
 * The result of reading a backup back, kept beside it because manifests never change. Only for showing: a restore
 * verifies every byte itself.
 */
export const BackupCheck = z.object({
  format: z.literal(FORMAT),
  year: z.number().int(),
  backup: BackupId,
  at: z.coerce.date(),
  verdict: z.enum(['VERIFIED', 'DAMAGED']),
  regions: z.array(Region),
  /** Regions that did not answer; nothing is said about their copies. */
  unreachable: z.array(Region),
  /** Whether every segment has a good copy somewhere. */
  restorable: z.boolean(),
  damage: z.array(Damage),
  /** Regions where something lies in cold storage: it was not read. */
  archived: z.array(Region).optional(),
  /** What had been damaged and was written again right before this check. */
  healed: z.array(HealedCopy).default([]),
});
export type BackupCheck = z.output<typeof BackupCheck>;

/** Keeps a check in every region that answers. Idempotent. Throws only when no region takes it. */
export async function keepCheck(vault: Vault, place: BackupPlace, check: BackupCheck): Promise<void> {
  const object = Buffer.from(JSON.stringify(check), 'utf8');
  const results = await Promise.allSettled(
    vault.stores.map((store) => store.put(checkKey(place, check.at), object, { lock: 'none', ifAbsent: false })),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed && results.every((result) => result.status === 'rejected')) throw asDrError(failed.reason);
}

/** The newest check any of these regions knows; undefined when there is none. */
export async function newestCheck(
  stores: readonly ObjectStore[],
  place: BackupPlace,
): Promise<BackupCheck | undefined> {
  const checks = await Promise.all(stores.map((store) => newestIn(store, place).catch(ignoreUnavailable)));
  return checks.filter((check) => check !== undefined).sort((a, b) => b.at.getTime() - a.at.getTime())[0];
}

async function newestIn(store: ObjectStore, place: BackupPlace): Promise<BackupCheck | undefined> {
  let newest: string | undefined;
  for await (const object of store.list(checkPrefix(place))) newest = object.key;
  if (!newest) return undefined;
  const json: unknown = JSON.parse((await store.get(newest)).toString('utf8'));
  const check = BackupCheck.safeParse(json);
  return check.success && check.data.year === place.year && check.data.backup === place.backup ? check.data : undefined;
}

/** A check only informs: a region that is out of reach, or holds nonsense, does not stop the list. */
function ignoreUnavailable(thrown: unknown): undefined {
  const error: DrError = asDrError(thrown);
  void error;
  return undefined;
}
