import { DrError, formatBytes } from '#core';
import type { RestoreTarget } from '#ports';

/**
 * So much of each disk a restore leaves to what is live. Not for tidiness: a mongod whose disk is full ends itself, and
 * everything that is live with it. Dirty pages reach the disk up to a minute later, so the last of it is never ours.
 */
const LEFT_FREE = { share: 0.05, atLeastBytes: 500e6, atMostBytes: 5e9 };
/** About what becomes of a document on disk, with its indexes; measured while it is written, so it may be wrong. */
const STORED_SHARE = 0.6;
/** Looked at again whenever so much was written: far less than what is left free, as the oplog grows with it. */
const EVERY_BYTES = 32 * 1024 * 1024;

/** The room on the fullest disk of a target, and what becomes of it. */
export interface Room {
  readonly member: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Stays free, whatever is restored. */
  readonly keptBytes: number;
  /** About what is needed. */
  readonly neededBytes: number;
  readonly fits: boolean;
}

/**
 * Whether so many bytes of documents fit. `databases`: where the servers are asked, those that exist; undefined where none
 * of them says. Throws what the target throws.
 */
export async function lookForRoom(
  target: Pick<RestoreTarget, 'room'>,
  databases: readonly string[],
  bytes: number,
): Promise<Room | undefined> {
  const [least] = await target.room(databases);
  if (!least) return undefined;
  const { member, freeBytes, totalBytes } = least;
  const neededBytes = Math.ceil(bytes * STORED_SHARE);
  const { share, atLeastBytes, atMostBytes } = LEFT_FREE;
  const keptBytes = Math.ceil(Math.min(Math.max(totalBytes * share, atLeastBytes), atMostBytes));
  return { member, freeBytes, totalBytes, keptBytes, neededBytes, fits: freeBytes - neededBytes >= keptBytes };
}

/** Watches the disks of the target while it is written to. */
export interface RoomWatch {
  /** Whether so many bytes of documents still fit. Throws DISK_FULL (transient). */
  expect(bytes: number): Promise<void>;
  /** So many bytes more were written. Throws DISK_FULL (transient) once the live data's part is touched. */
  wrote(bytes: number): Promise<void>;
}

/** `databases`: where the servers are asked, those that exist; servers that do not say are not waited for. */
export function watchRoom(target: RestoreTarget, databases: readonly string[]): RoomWatch {
  let sinceLook = 0;
  const look = async (bytes: number): Promise<void> => {
    sinceLook = 0;
    const room = await lookForRoom(target, databases, bytes);
    if (!room || room.fits) return;
    const { member, freeBytes, totalBytes, keptBytes, neededBytes } = room;
    const more = neededBytes > 0 ? ` and ${formatBytes(neededBytes)} for what comes next` : '';
    throw new DrError(
      'DISK_FULL',
      'transient',
      `${member} has ${formatBytes(freeBytes)} free of ${formatBytes(totalBytes)}; ${formatBytes(keptBytes)} stay free for what is live${more}.`,
      {
        hint: 'Make room there, or stop this and choose less with --only.',
        data: { member, freeBytes, neededBytes, keptBytes },
      },
    );
  };
  return {
    expect: look,
    async wrote(bytes) {
      sinceLook += bytes;
      if (sinceLook >= EVERY_BYTES) await look(0);
    },
  };
}
