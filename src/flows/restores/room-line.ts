import { DrError, formatBytes, within } from '#core';
import type { RestoreTarget } from '#ports';
import { lookForRoom } from '#restore';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** A preview does not wait longer for servers that are silent: what it is about is then something else anyway. */
const WITHIN_MS = 4_000;

/**
 * `Room: yes, 41 GB free.`: whether the live servers' disks hold what would be restored, and never a reason to refuse. A
 * run looks again, and waits for room. `databases`: of which the servers may be asked.
 */
export async function roomLine(
  { restore, clock }: Pick<HoldfastWorld, 'restore' | 'clock'>,
  databases: readonly string[],
  bytes: number,
): Promise<string> {
  const late = () => new DrError('TIMED_OUT', 'transient', 'The database does not answer.');
  const asked = within(askedOf(restore, databases, bytes), { clock, ms: WITHIN_MS, late });
  return await asked.catch(() => 'Room: not known, the database does not answer.');
}

async function askedOf(
  restore: HoldfastWorld['restore'],
  databases: readonly string[],
  bytes: number,
): Promise<string> {
  const target = await restore.openTarget();
  try {
    return await roomOn(target, databases, bytes);
  } finally {
    await target.close();
  }
}

async function roomOn(target: RestoreTarget, databases: readonly string[], bytes: number): Promise<string> {
  const room = await lookForRoom(target, databases, bytes);
  if (!room) return 'Room: not known, the servers do not say.';
  const { fits, member, freeBytes, neededBytes, keptBytes } = room;
  if (fits) return `Room: yes, ${formatBytes(freeBytes)} free.`;
  return `Room: no, ${member} has ${formatBytes(freeBytes)} free; ${formatBytes(neededBytes)} are needed and ${formatBytes(keptBytes)} stay free. It waits for room for an hour.`;
}
