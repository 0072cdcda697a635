import { asDrError, at, bold, formatDuration, type Text, utc } from '#core';
import { type Card, compareOplogTimes } from '#ports';
import {
  type BackupListing,
  beginningOf,
  listBackups,
  type RestorableWindow,
  restorableWindows,
  type Timeline,
  type TimelineBeginning,
} from '#vault';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { captureLine, whyItBegins } from './capture-words.ts';
import { lookAtCaptured } from './captured-reach.ts';
import { lostLines } from './lost-words.ts';

/** `/dr backups --window`: which seconds can be restored, and why others can't. */
export async function windowCard(world: Pick<HoldfastWorld, 'backup' | 'clock' | 'store'>): Promise<Card> {
  const { vault } = world.backup;
  const [{ backups }, { timelines, lost, unreachable, capture }] = await Promise.all([
    listBackups(vault, { limit: 500 }),
    lookAtCaptured(world),
  ]);
  const windows = restorableWindows(backups, timelines);
  const breaks = await Promise.all(
    timelines.map(async (timeline) => ({ timeline, begins: await beginningOf(vault, timeline) })),
  );
  const silent = unreachable.map(({ region }) => region);
  return card('What can be restored', [
    lines([bold('Any second in these can be restored')], ...windowLines(windows)),
    ...breaks.flatMap((each, index) =>
      whyLines(each, { before: timelines[index - 1], after: timelines[index + 1] }, windows),
    ),
    ...(lost.length > 0 ? [lines(...shownOf(lostLines(lost, windows)))] : []),
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

const SHOWN = 5;

const shownOf = (all: readonly Text[]): Text[] =>
  all.length > SHOWN
    ? [...all.slice(-SHOWN), [`and ${all.length - SHOWN} stretches before: /dr verify captured`]]
    : [...all];

/** Why the times in front of a timeline, and those at its beginning that no backup leads to, are not there. */
function whyLines(
  { timeline, begins }: { timeline: Timeline; begins: TimelineBeginning | undefined },
  { before, after }: { readonly before: Timeline | undefined; readonly after: Timeline | undefined },
  windows: readonly RestorableWindow[],
) {
  const window = windows.find((each) => each.timeline === timeline.number && isWithin(each, timeline));
  // behind something lost: that is said of what is lost
  if (before?.number === timeline.number) return [];
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
  if (!window && after?.number === timeline.number) {
    const end = utc(new Date(timeline.through.seconds * 1000));
    reasons.push([bold('Not'), ` from ${utc(start)} to ${end}: captured, but no backup was taken then.`]);
  } else if (!window) {
    reasons.push([
      bold('Not'),
      ` since ${utc(start)}: captured, but no backup was taken since. Take one: /dr backup mongodb`,
    ]);
  }
  return reasons.length > 0 ? [lines(...reasons)] : [];
}

const isWithin = ({ from, to }: RestorableWindow, { from: start, through }: Timeline): boolean =>
  from.getTime() >= start.seconds * 1000 && to.getTime() < through.seconds * 1000;

/** The one line on `/dr backups`: the newest window, and whether there are gaps. */
export async function windowLine(
  world: Pick<HoldfastWorld, 'backup' | 'clock' | 'store'>,
  backups: readonly BackupListing[],
): Promise<Text> {
  try {
    const { timelines, lost } = await lookAtCaptured(world);
    const windows = restorableWindows(backups, timelines);
    const last = windows.at(-1);
    if (!last) return [];
    const isTorn = lost.some(({ from }) => from.seconds * 1000 > last.to.getTime());
    const before = windows.length > 1 ? `${windows.length - 1} gaps before: /dr backups --window` : 'No gaps.';
    const gaps = isTorn ? 'After that something is lost: /dr backups --window' : before;
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
