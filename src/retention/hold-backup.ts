import { DrError } from '#core';
import {
  type BackupPlace,
  type Hold,
  inParallel,
  noteBackup,
  ownerOf,
  readHolds,
  readMarks,
  removeHold,
  writeHold,
} from '#vault';
import { chainsOf } from './chains.ts';
import { type Inventory, placeName } from './inventory.ts';
import { readVault, type VaultContents } from './read-vault.ts';
import type { RetentionWorld } from './retention-world.ts';
import type { VersionThere } from './stored-version.ts';

/** Calls at once, over all regions. */
const AT_ONCE = 8;

/** What holding touches: never a run, and never a policy. */
export type HoldingWorld = Pick<RetentionWorld, 'vault' | 'openManifest'>;

export interface HeldObjects {
  /** Versions that the hold is on, in all regions. */
  readonly versions: number;
  /** The backups they belong to: the one named, and what it stands on. */
  readonly backups: readonly BackupPlace[];
}

/**
 * Keeps a backup, and all it can't be restored without, until somebody lets go: written into every bucket, so that it
 * holds without the control store, and put as a legal hold on every version in every region, so that nobody else's hand
 * deletes it either. Idempotent. Throws BACKUP_UNKNOWN (user), WRONG_STATE (user) when its deletion has begun, and
 * OBJECT_STORE_* or KEY_REFUSED while a region is silent; it may then hold already, and again completes it.
 */
export async function holdBackup(world: HoldingWorld, hold: Hold, signal: AbortSignal): Promise<HeldObjects> {
  const { vault } = world;
  const place: BackupPlace = { year: hold.year, backup: hold.backup };
  // the hold before the look: whoever deletes marks first and looks for holds afterwards, so one of both sees the other
  await writeHold(vault, hold);
  const marks = await readMarks(vault);
  const contents = await readVault(world, marks, signal);
  const places = placesNeeded(place, contents.inventory);
  const going = Object.entries(marks.marks).find(
    ([name, mark]) => mark.going && places.some((each) => name.startsWith(`attempt/${placeName(each)}/`)),
  );
  if (going) {
    await removeHold(vault, place);
    throw new DrError('WRONG_STATE', 'user', `${hold.backup} is being deleted: it is too late to hold it.`, {
      hint: 'Choose another: /dr backups',
    });
  }
  const versions = versionsOf(places, contents);
  if (versions.length === 0) {
    await removeHold(vault, place);
    throw new DrError('BACKUP_UNKNOWN', 'user', `There is no backup "${hold.backup}". Nothing was changed.`, {
      hint: 'List them: /dr backups',
    });
  }
  await setHold(versions, 'on', signal);
  await noteBackup(vault, place);
  return { versions: versions.length, backups: places };
}

/**
 * Lets a backup go: from then on only the plan keeps it, and only the lock it has protects it. What another held backup
 * stands on stays held. Idempotent. Throws OBJECT_STORE_* or KEY_REFUSED while a region is silent; then it is still held.
 */
export async function releaseBackup(
  world: HoldingWorld,
  place: BackupPlace,
  signal: AbortSignal,
): Promise<HeldObjects> {
  const { vault } = world;
  const contents = await readVault(world, await readMarks(vault), signal);
  const others = (await readHolds(vault)).filter((each) => placeName(each.place) !== placeName(place));
  const stillHeld = new Set(others.flatMap((each) => placesNeeded(each.place, contents.inventory)).map(placeName));
  const places = placesNeeded(place, contents.inventory).filter((each) => !stillHeld.has(placeName(each)));
  const versions = versionsOf(places, contents);
  await setHold(versions, 'off', signal);
  // last: while anything of it may still be held the hold is there to be released again
  await removeHold(vault, place);
  await noteBackup(vault, place);
  return { versions: versions.length, backups: places };
}

/** A backup that can't be read has no parents that anybody knows. */
function placesNeeded(place: BackupPlace, { backups }: Inventory): BackupPlace[] {
  const backup = backups.find((each) => placeName(each.place) === placeName(place));
  return backup ? chainsOf(backups)(backup).members.map((member) => member.place) : [place];
}

function versionsOf(places: readonly BackupPlace[], { versions }: VaultContents): VersionThere[] {
  const names = new Set(places.map(placeName));
  return [...versions].flatMap(([key, there]) => {
    const owner = ownerOf(key);
    const needed = (owner.kind === 'manifest' || owner.kind === 'attempt') && names.has(placeName(owner.place));
    return needed ? there.filter(({ kind }) => kind === 'object') : [];
  });
}

const setHold = (versions: readonly VersionThere[], hold: 'on' | 'off', signal: AbortSignal) =>
  inParallel(versions, AT_ONCE, async ({ store, key, versionId }) => {
    signal.throwIfAborted();
    await store.setLegalHold(key, versionId, hold);
  });
