import type { BackupId } from '#core';
import { compareOplogTimes, type OplogTime } from '#ports';
import type { BackupListing } from '../backup-listing.ts';
import { damagedParent } from '../damaged-parent.ts';
import type { Timeline } from './timelines.ts';

/** Seconds that can be restored, first and last included: a backup of that timeline, and everything since. */
export interface RestorableWindow {
  readonly timeline: number;
  readonly from: Date;
  readonly to: Date;
}

/** How a second is reached: from which backup, up to before which entry. */
export interface ReachedSecond {
  readonly backup: BackupId;
  readonly timeline: number;
  /** Entries before this one count. */
  readonly before: OplogTime;
  /** A captured entry before it, or the backup's end. */
  readonly reached: OplogTime;
}

type Known = Extract<BackupListing, { header: unknown }>;

/** Which seconds can be restored, oldest first. Pure: from what was listed, so as true as the lists were complete. */
export function restorableWindows(
  backups: readonly BackupListing[],
  timelines: readonly Timeline[],
): readonly RestorableWindow[] {
  return timelines.flatMap((timeline): RestorableWindow[] => {
    const [oldest] = basesOn(timeline, backups);
    // the second in which capture stands is not over yet
    const to = timeline.through.seconds - 1;
    if (!oldest || to < oldest.header.window.end.seconds) return [];
    return [{ timeline: timeline.number, from: second(oldest.header.window.end.seconds), to: second(to) }];
  });
}

/**
 * How to restore to the end of that second; undefined when no backup and captured history reach it. Of two timelines that
 * have it, the later one: what the earlier has of that second was undone. Pure.
 */
export function reachSecond(
  moment: Date,
  backups: readonly BackupListing[],
  timelines: readonly Timeline[],
): ReachedSecond | undefined {
  const seconds = Math.floor(moment.getTime() / 1000);
  const before = { seconds: seconds + 1, increment: 0 };
  for (const timeline of timelines.toReversed()) {
    if (timeline.through.seconds <= seconds) continue;
    const base = basesOn(timeline, backups).findLast(({ header }) => compareOplogTimes(header.window.end, before) < 0);
    if (!base) continue;
    const end = base.header.window.end;
    const last = timeline.ranges.findLast(({ through }) => compareOplogTimes(through, before) < 0)?.through;
    const reached = last && compareOplogTimes(last, end) > 0 ? last : end;
    return { backup: base.header.backup, timeline: timeline.number, before, reached };
  }
  return undefined;
}

/**
 * How to restore everything there is: the newest backup that captured history goes on from, and that history to its last entry.
 * Undefined where none does. Pure.
 */
export function reachNewest(
  backups: readonly BackupListing[],
  timelines: readonly Timeline[],
): ReachedSecond | undefined {
  for (const { number, through, ...timeline } of timelines.toReversed()) {
    const base = basesOn({ number, through, ...timeline }, backups).at(-1);
    const before = { seconds: through.seconds, increment: through.increment + 1 };
    if (base) return { backup: base.header.backup, timeline: number, before, reached: through };
  }
  return undefined;
}

/** The backups that a timeline goes on from and that can be restored, oldest first. */
function basesOn(timeline: Timeline, backups: readonly BackupListing[]): Known[] {
  return backups
    .filter((backup): backup is Known => backup.state !== 'UNREADABLE')
    .filter(({ state, check }) => state !== 'DAMAGED' || check?.restorable === true)
    .filter((backup) => damagedParent(backup, backups) === undefined)
    .filter(({ header: { window } }) => {
      const { from, through } = timeline;
      return compareOplogTimes(from, window.end) <= 0 && compareOplogTimes(window.end, through) <= 0;
    })
    .sort((a, b) => compareOplogTimes(a.header.window.end, b.header.window.end));
}

const second = (seconds: number): Date => new Date(seconds * 1000);
