import { ownerOf } from '#vault';
import { type Inventory, type KnownBackup, placeName } from './inventory.ts';
import { attemptName } from './units.ts';

/** A backup and everything it can't be restored without, itself first. */
export interface Chain {
  readonly members: readonly KnownBackup[];
  /** Whether it reaches a full. */
  readonly whole: boolean;
}

/** Finds chains of parents. A parent that is missing, or one that stands on itself, ends a chain before it is whole. */
export function chainsOf(backups: readonly KnownBackup[]): (backup: KnownBackup) => Chain {
  const byPlace = new Map(backups.map((backup) => [placeName(backup.place), backup]));
  return (backup) => {
    const members = new Set<KnownBackup>();
    let next: KnownBackup | undefined = backup;
    while (next && !members.has(next)) {
      members.add(next);
      if (!next.parent) return { members: [...members], whole: true };
      next = byPlace.get(placeName(next.parent));
    }
    return { members: [...members], whole: false };
  };
}

/**
 * Backups by how far they can be relied on: all there are; those of which everything is there; and of these, those that
 * nobody doubts. Whoever chooses one to stand for others chooses once from each: a worse one never takes the place of a
 * better one, and a wrong doubt takes nothing away.
 */
export function byTrust({ backups, keys }: Inventory): readonly (readonly KnownBackup[])[] {
  const chainOf = chainsOf(backups);
  const opened = new Set<string>();
  for (const { key, objects } of keys.values()) {
    const owner = ownerOf(key);
    if (owner.kind === 'attempt' && owner.part === 'key' && objects > 0) opened.add(attemptName(owner));
  }
  const isThere = (key: string): boolean => (keys.get(key)?.objects ?? 0) > 0;
  const isWhole = (each: KnownBackup): boolean => opened.has(attemptName(each)) && each.segments.every(isThere);
  const whole = backups.filter((backup) => {
    const chain = chainOf(backup);
    return chain.whole && chain.members.every(isWhole);
  });
  return [backups, whole, whole.filter((backup) => chainOf(backup).members.every(({ doubt }) => doubt === undefined))];
}
