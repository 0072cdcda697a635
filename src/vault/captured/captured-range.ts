import type { Region } from '#core';
import type { OplogTime } from '#ports';
import { KEYS } from '../object-keys.ts';

/** Segments as they were captured, and what finished hours are made into: fewer, larger, and locked for long. */
export const SEGMENTS = 'capture/';
export const ARCHIVES = 'archive/';

/** One captured segment, as its key names it: the entries after `from`, through `through`. */
export interface CapturedRange {
  /** An unbroken history has a number; what can't be joined to it begins the next. */
  readonly timeline: number;
  readonly from: OplogTime;
  readonly through: OplogTime;
  /** Of the lease under which it was written: where two hold the same entries, the later holder's counts. */
  readonly token: number;
}

/** A range and the regions whose bucket has it. */
export interface StoredRange extends CapturedRange {
  readonly kind: 'segment' | 'archive';
  readonly key: string;
  readonly regions: readonly Region[];
}

/** `capture/0001/2026-11-23T08/<from>-<through>-<token>`: by its end's hour, so that a day is 24 short lists. */
export const rangeKey = ({ timeline, from, through, token }: CapturedRange): string =>
  `${hourPrefix(SEGMENTS, timeline, hourOf(through))}${hex(from)}-${hex(through)}-${digits(token, 6)}`;

export const hourPrefix = (area: typeof SEGMENTS | typeof ARCHIVES, timeline: number, hour: string): string =>
  `${area}${digits(timeline, 4)}/${hour}/`;

/** The segment a key names; undefined for a key that is not one. */
export function rangeOf(key: string): CapturedRange | undefined {
  const found = /^capture\/(\d{4,})\/\d{4}-\d\d-\d\dT\d\d\/([0-9a-f]{16})-([0-9a-f]{16})-(\d{6,})$/.exec(key);
  if (!found?.[1] || !found[2] || !found[3]) return undefined;
  const range = {
    timeline: Number(found[1]),
    from: timeOf(found[2]),
    through: timeOf(found[3]),
    token: Number(found[4]),
  };
  return rangeKey(range) === key ? range : undefined;
}

/** A piece of an hour's archive. An hour is archived once its last piece is there. */
export interface ArchivePiece {
  readonly timeline: number;
  readonly hour: string;
  readonly from: OplogTime;
  readonly through: OplogTime;
  /** Of the last segment in it. */
  readonly token: number;
  readonly isLast: boolean;
}

/** `archive/0001/2026-11-23T08/<from>-<through>-<token>-more`, the hour's last one `-last`. */
export const archiveKey = ({ timeline, hour, from, through, token, isLast }: ArchivePiece): string =>
  `${hourPrefix(ARCHIVES, timeline, hour)}${hex(from)}-${hex(through)}-${digits(token, 6)}-${isLast ? 'last' : 'more'}`;

/** The piece a key names; undefined for a key that is not one. */
export function archivePieceOf(key: string): ArchivePiece | undefined {
  const found = /^archive\/(\d{4,})\/(\d{4}-\d\d-\d\dT\d\d)\/([0-9a-f]{16})-([0-9a-f]{16})-(\d{6,})-(last|more)$/.exec(
    key,
  );
  if (!found?.[1] || !found[2] || !found[3] || !found[4]) return undefined;
  const [from, through] = [timeOf(found[3]), timeOf(found[4])];
  return {
    timeline: Number(found[1]),
    hour: found[2],
    from,
    through,
    token: Number(found[5]),
    isLast: found[6] === 'last',
  };
}

/** What the name of an archived hour's data key begins with; a random end follows. */
export const archiveKeyName = (timeline: number, hour: string): string => `archive-${digits(timeline, 4)}-${hour}-`;

/** The name of the data key of a timeline's hour, as one holder of the lease writes it. */
export const hourKeyName = ({ timeline, through, token }: CapturedRange): string =>
  `${hourKeys(timeline, hourOf(through))}${digits(token, 6)}`;

/** Where the keys of an hour's segments are, whoever wrote them. */
export const keysPrefix = (timeline: number, hour: string): string => `${KEYS}${hourKeys(timeline, hour)}`;

/** Where everything of an hour is: its segments, its archive, and the data keys of both. */
export const hourPrefixes = (timeline: number, hour: string): readonly string[] => [
  hourPrefix(SEGMENTS, timeline, hour),
  hourPrefix(ARCHIVES, timeline, hour),
  keysPrefix(timeline, hour),
  `${KEYS}${archiveKeyName(timeline, hour)}`,
];

const hourKeys = (timeline: number, hour: string): string => `capture-${digits(timeline, 4)}-${hour}-`;

/** `2026-11-23T08`, in UTC, by the server's own clock. */
export const hourOf = ({ seconds }: OplogTime): string => new Date(seconds * 1000).toISOString().slice(0, 13);

/** Every hour from one time's through another's. */
export function hoursBetween(from: OplogTime, through: OplogTime): string[] {
  const hours: string[] = [];
  const first = Math.floor(from.seconds / 3600);
  for (let hour = first; hour * 3600 <= through.seconds; hour += 1)
    hours.push(hourOf({ seconds: hour * 3600, increment: 0 }));
  return hours;
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');
const half = (value: number): string => value.toString(16).padStart(8, '0');
const hex = ({ seconds, increment }: OplogTime): string => half(seconds) + half(increment);
const timeOf = (text: string): OplogTime => ({
  seconds: Number.parseInt(text.slice(0, 8), 16),
  increment: Number.parseInt(text.slice(8), 16),
});
