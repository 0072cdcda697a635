import type { Region } from '#core';
import { compareOplogTimes } from '#ports';
import type { Damage, HealedCopy } from '../../backup-check.ts';
import { inParallel } from '../../in-parallel.ts';
import { archivePieceOf, rangeOf, type StoredRange } from '../captured-range.ts';
import type { Lost } from '../lost.ts';
import { listTimelines, type Timeline } from '../timelines.ts';
import { checkObject } from './check-object.ts';
import type { CheckedObject } from './checked-object.ts';
import { openHourKeys } from './hour-keys.ts';
import { type HourObject, hourObjects } from './hour-objects.ts';
import { lostInHour } from './lost-in-hour.ts';
import type { PatientRegions } from './patient-regions.ts';
import { rebuildPiece } from './rebuild-piece.ts';

/** What reading an hour of a timeline in every region came to. */
export interface HourCheck {
  readonly timeline: number;
  readonly hour: string;
  /** Segments, pieces of the archive and key objects. */
  readonly objects: number;
  /** Of one region's copy of what is whole. */
  readonly bytes: number;
  /** What is still wrong. */
  readonly damage: readonly Damage[];
  readonly healed: readonly HealedCopy[];
  /** Keys of archive pieces that were made anew from their segments. */
  readonly rebuilt: readonly string[];
  /** What no region has whole and something depends on, in order. */
  readonly lost: readonly Lost[];
  /** Objects that no region has whole and nothing depends on: an archive has what they had, or nobody counts them. */
  readonly spare: number;
}

/** Segments that are read side by side; an archive's piece may be a hundred MB with all that is made of it. */
const AT_ONCE = { segment: 6, archive: 1 };

/** What was written so recently is on its way: a region that has it not yet lacks nothing. */
const ON_ITS_WAY_MS = 120_000;

/**
 * Reads everything that any region has of an hour of a timeline, proves each copy by its key's cipher and by its name,
 * heals what a region has damaged or lacks, makes pieces of the archive anew that no region has, and proves that what
 * counts is joined. Damage is a result. `timelines` is what was listed before. Idempotent. Throws what
 * `checkObject` and `listTimelines` throw.
 */
export async function verifyHour(
  regions: PatientRegions,
  timelines: readonly Timeline[],
  { timeline, hour }: { readonly timeline: number; readonly hour: string },
): Promise<HourCheck> {
  const objects = await hourObjects(regions, timeline, hour);
  const ranges = objects.flatMap((object) => toRange(object) ?? []);
  const keys = openHourKeys(
    regions,
    objects.filter((object) => !toRange(object)),
  );
  try {
    const checks = new Map<string, CheckedObject>();
    for (const kind of ['archive', 'segment'] as const) {
      const mine = ranges.filter(({ range }) => range.kind === kind);
      await inParallel(mine, AT_ONCE[kind], async ({ object, range }) => {
        checks.set(range.key, await checkObject(regions, keys, range, object, isOwed(regions, range)));
      });
    }
    const rebuilt = await rebuildAll(regions, ranges, checks);
    const keyChecks = await keys.check();
    const hasChanged = rebuilt.length > 0 || [...checks.values()].some(({ healed }) => healed.length > 0);
    const now = hasChanged ? (await listTimelines(regions.vault)).timelines : timelines;
    const { lost, counts } = await lostInHour(regions, now, { timeline, hour }, checks, rebuilt);
    const all = [...checks.values(), ...keyChecks];
    const isSpare = (check: CheckedObject): boolean =>
      check.bytes === 0 && check.damage.length > 0 && !counts.has(check.key) && regions.unread.size === 0;
    // what is lost is said as such
    const wrong = all.filter((check) => !isSpare(check) && check.why === undefined);
    return {
      timeline,
      hour,
      objects: objects.length,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      damage: wrong.flatMap(({ damage }) => damage),
      healed: all.flatMap(({ healed }) => healed),
      rebuilt,
      lost,
      spare: all.filter((check) => isSpare(check) && !rebuilt.includes(check.key)).length,
    };
  } finally {
    keys.close();
  }
}

interface RangeThere {
  readonly object: HourObject;
  readonly range: StoredRange;
}

function toRange(object: HourObject): RangeThere | undefined {
  const { key, versions } = object;
  const piece = archivePieceOf(key);
  const segment = rangeOf(key);
  const regions: Region[] = [...versions.keys()];
  if (piece) return { object, range: { ...piece, kind: 'archive', key, regions } };
  return segment && { object, range: { ...segment, kind: 'segment', key, regions } };
}

const isOwed = ({ vault }: PatientRegions, { through }: StoredRange): boolean =>
  vault.clock.now().getTime() - through.seconds * 1000 > ON_ITS_WAY_MS;

/** Pieces that every region was read for and none has whole. */
async function rebuildAll(
  regions: PatientRegions,
  ranges: readonly RangeThere[],
  checks: ReadonlyMap<string, CheckedObject>,
): Promise<string[]> {
  const segments = ranges
    .map(({ range }) => range)
    .filter(({ kind, key }) => kind === 'segment' && checks.get(key)?.whole !== undefined)
    .sort((a, b) => compareOplogTimes(a.from, b.from));
  const rebuilt: string[] = [];
  for (const { object, range } of ranges) {
    if (range.kind !== 'archive' || !checks.get(range.key)?.why) continue;
    if (await rebuildPiece(regions, object, segments)) rebuilt.push(range.key);
  }
  return rebuilt;
}
