import { readCaptureState } from '#capture';
import { asDrError, at, bold, formatDuration, type Text, utc } from '#core';
import { type Card, compareOplogTimes } from '#ports';
import {
  type BackupListing,
  beginningOf,
  listBackups,
  listTimelines,
  type RestorableWindow,
  restorableWindows,
  type Timeline,
  type TimelineBeginning,
} from '#vault';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { captureLine, whyItBegins } from './capture-words.ts';

/** `/dr backups --window`: which seconds can be restored, and why others can't. */
export async function windowCard(world: Pick<HoldfastWorld, 'backup' | 'clock' | 'store'>): Promise<Card> {
  const { vault } = world.backup;
  const [{ backups }, { timelines, unreachable }, capture] = await Promise.all([
    listBackups(vault, { limit: 500 }),
    listTimelines(vault),
    readCaptureState(world.store).catch(() => undefined),
  ]);
  const windows = restorableWindows(backups, timelines);
  const breaks = await Promise.all(
    timelines.map(async (timeline) => ({ timeline, begins: await beginningOf(vault, timeline) })),
  );
  const silent = unreachable.map(({ region }) => region);
  return card('What can be restored', [
    lines([bold('Any second in these can be restored')], ...windowLines(windows)),
    ...breaks.flatMap((each, index) => whyLines(each, timelines[index - 1], windows)),
    lines(captureLine(capture, world.clock.now())),
    small(
      'Restore: /dr restore --to "10 minutes ago", or a time as above. ',
      silent.length > 0 ? `No answer from ${silent.join(', ')}: there may be more.` : '',
    ),
  ]);
}

const windowLines = (windows: readonly RestorableWindow[]): Text[] =>
  windows.length === 0
    ? [['None yet: it takes a backup, and capture since. Take one: /dr backup mongodb']]
    : windows.map(
        ({ from, to }): Text => [`${utc(from)} to ${utc(to)}, `, formatDuration(to.getTime() - from.getTime() + 1000)],
      );

/** Why the times in front of a timeline, and those at its beginning that no backup leads to, are not there. */
function whyLines(
  { timeline, begins }: { timeline: Timeline; begins: TimelineBeginning | undefined },
  before: Timeline | undefined,
  windows: readonly RestorableWindow[],
) {
  const window = windows.find((each) => each.timeline === timeline.number);
  const reasons: Text[] = [];
  if (begins && before && compareOplogTimes(before.through, timeline.from) < 0) {
    const [from, to] = [before.through, timeline.from].map(({ seconds }) => utc(new Date(seconds * 1000)));
    reasons.push([bold('Not'), ` between ${from} and ${to}: ${whyItBegins[begins.reason]}.`]);
  }
  const start = new Date(timeline.from.seconds * 1000);
  if (window && window.from.getTime() - start.getTime() >= 1000) {
    reasons.push([
      bold('Not'),
      ` from ${utc(start)} to ${utc(window.from)}: captured, but no backup stands before it.`,
    ]);
  }
  if (!window)
    reasons.push([
      bold('Not'),
      ` since ${utc(start)}: captured, but no backup was taken since. Take one: /dr backup mongodb`,
    ]);
  return reasons.length > 0 ? [lines(...reasons)] : [];
}

/** The one line on `/dr backups`: the newest window, and whether there are gaps. */
export async function windowLine(
  world: Pick<HoldfastWorld, 'backup' | 'clock'>,
  backups: readonly BackupListing[],
): Promise<Text> {
  try {
    const { timelines } = await listTimelines(world.backup.vault);
    const windows = restorableWindows(backups, timelines);
    const last = windows.at(-1);
    if (!last) return [];
    const gaps = windows.length > 1 ? `${windows.length - 1} gaps before: /dr backups --window` : 'No gaps.';
    const agoMs = Math.max(0, world.clock.now().getTime() - last.to.getTime());
    return [
      ' - any second from ',
      at(last.from),
      ' to ',
      at(last.to),
      ` (${formatDuration(agoMs)} ago) can be restored. ${gaps}`,
    ];
  } catch (thrown) {
    return [` - what was captured is not known: ${asDrError(thrown).message}`];
  }
}
