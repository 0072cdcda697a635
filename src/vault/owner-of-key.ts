import { BackupId } from '#core';
import type { OplogTime } from '#ports';
import type { BackupPlace } from './format.ts';
import { placeOf } from './object-keys.ts';

/** What of the vault an object belongs to, by its key alone. `attempt` is one try at a backup. */
export type Owner =
  | { readonly kind: 'manifest'; readonly place: BackupPlace }
  | {
      readonly kind: 'attempt';
      readonly place: BackupPlace;
      readonly attempt: string;
      readonly part: 'segment' | 'key';
    }
  | { readonly kind: 'check'; readonly place: BackupPlace }
  | {
      readonly kind: 'capture';
      readonly timeline: string;
      readonly hour: string;
      /** Undefined for what is in an hour without being a segment of it, such as its keys. */
      readonly covers: { readonly from: OplogTime; readonly through: OplogTime } | undefined;
      readonly part: 'segment' | 'key';
    }
  /** Holds, marks, the record's anchors, and whatever else this version does not know: nobody's to delete. */
  | { readonly kind: 'other' };

const PLACE = '([0-9]{4})[/-](B-[0-9]{4}-[0-9]{4}[a-z]{0,2})';
const HOUR = '([0-9]{4})[/-]([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2})';
const SEGMENT = new RegExp(`^segments/${PLACE}/([^/]+)/`);
const KEY = new RegExp(`^keys/${PLACE}-([^/]+)/`);
const CHECK = new RegExp(`^checks/${PLACE}/`);
const CAPTURED = new RegExp(`^(?:capture|archive)/${HOUR}/(?:([0-9a-f]{16})-([0-9a-f]{16})-)?`);
const CAPTURE_KEY = new RegExp(`^keys/(?:capture|archive)-${HOUR}-[^/]+/`);

/** Never throws: a key it does not know is `other`. */
export function ownerOf(key: string): Owner {
  const manifest = placeOf(key);
  if (manifest) return { kind: 'manifest', place: manifest };
  const [, captureLine, captureHour, from, through] = CAPTURED.exec(key) ?? [];
  if (captureLine && captureHour) {
    const covers = from && through ? { from: timeOf(from), through: timeOf(through) } : undefined;
    return { kind: 'capture', timeline: captureLine, hour: captureHour, covers, part: 'segment' };
  }
  const [, keyLine, keyHour] = CAPTURE_KEY.exec(key) ?? [];
  if (keyLine && keyHour) return { kind: 'capture', timeline: keyLine, hour: keyHour, covers: undefined, part: 'key' };
  for (const [pattern, part] of [[SEGMENT, 'segment'] as const, [KEY, 'key'] as const]) {
    const [, year, backup, attempt] = pattern.exec(key) ?? [];
    if (year && backup && attempt) return { kind: 'attempt', place: place(year, backup), attempt, part };
  }
  const [, year, backup] = CHECK.exec(key) ?? [];
  return year && backup ? { kind: 'check', place: place(year, backup) } : { kind: 'other' };
}

const place = (year: string, backup: string): BackupPlace => ({ year: Number(year), backup: BackupId.parse(backup) });

/** Sixteen hex digits: eight of seconds, eight of the counter within them. */
const timeOf = (hex: string): OplogTime => ({
  seconds: Number.parseInt(hex.slice(0, 8), 16),
  increment: Number.parseInt(hex.slice(8), 16),
});
