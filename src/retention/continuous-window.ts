import { compareOplogTimes, type OplogTime } from '#ports';
import { type CapturedRange, capturedRanges, leadsInto } from './captured-ranges.ts';
import type { Inventory, KnownBackup } from './inventory.ts';

/** What the continuous window stands on. */
export interface WindowNeeds {
  /** Backups from which the log goes on into the window. */
  readonly bases: readonly KnownBackup[];
  /** Whether what reaches until then is part of the window, or leads from a base to it. */
  needsCaptured(timeline: string, through: OplogTime): boolean;
}

/**
 * What every second since `since` needs that can be restored: in each stretch of log the newest backup at or before
 * `since` (or the first after it), once from each list, and all of the log from there on.
 */
export function windowNeeds(
  inventory: Pick<Inventory, 'keys'>,
  since: OplogTime,
  byTrust: readonly (readonly KnownBackup[])[],
): WindowNeeds {
  const bases = new Set<KnownBackup>();
  const neededAfter = new Map<string, OplogTime>();
  for (const range of capturedRanges(inventory)) {
    if (compareOplogTimes(range.through, since) < 0) continue;
    for (const backups of byTrust) {
      const base = baseIn(range, since, backups);
      if (!base) continue;
      bases.add(base);
      const after = neededAfter.get(range.timeline) ?? since;
      neededAfter.set(range.timeline, compareOplogTimes(base.end, after) < 0 ? base.end : after);
    }
  }
  return {
    bases: [...bases],
    needsCaptured: (timeline, through) => compareOplogTimes(through, neededAfter.get(timeline) ?? since) > 0,
  };
}

function baseIn(range: CapturedRange, since: OplogTime, backups: readonly KnownBackup[]): KnownBackup | undefined {
  const within = backups.filter(({ end }) => leadsInto(range, end)).sort((a, b) => compareOplogTimes(a.end, b.end));
  return within.findLast(({ end }) => compareOplogTimes(end, since) <= 0) ?? within[0];
}
