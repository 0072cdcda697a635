import type { OplogTime } from '#ports';
import { type BackupPlace, type Owner, ownerOf } from '#vault';
import { type Inventory, placeName } from './inventory.ts';

interface Stored {
  /** Everything that goes when it goes. */
  readonly keys: string[];
  bytes: number;
  newestAt: Date;
}

/**
 * What stays or goes as one. `attempt`: one try at a backup, with its key, and its manifest and results where it became
 * a backup. `capture`: an hour of captured log with its keys. `checks`: results that have no backup.
 */
export type Unit =
  | ({ readonly kind: 'attempt'; readonly place: BackupPlace; readonly attempt: string } & Stored)
  | ({
      readonly kind: 'capture';
      readonly timeline: string;
      readonly hour: string;
      /** Until when what is in it reaches. Where a name does not say it, to the end of the hour. */
      readonly reaches: OplogTime[];
      readonly place?: undefined;
    } & Stored)
  | ({ readonly kind: 'checks'; readonly place: BackupPlace } & Stored);

type Named =
  | { readonly kind: 'attempt'; readonly place: BackupPlace; readonly attempt: string }
  | { readonly kind: 'capture'; readonly timeline: string; readonly hour: string }
  | { readonly kind: 'checks'; readonly place: BackupPlace };

/** The same for one thing in every run: marks are kept under it. */
export function unitName(unit: Named): string {
  switch (unit.kind) {
    case 'attempt':
      return `attempt/${placeName(unit.place)}/${unit.attempt}`;
    case 'capture':
      return `capture/${unit.timeline}/${unit.hour}`;
    case 'checks':
      return `checks/${placeName(unit.place)}`;
  }
}

/** The unit that a backup is. */
export const attemptName = ({ place, attempt }: { place: BackupPlace; attempt: string }): string =>
  unitName({ kind: 'attempt', place, attempt });

export const captureHourOf = ({ timeline, hour }: { timeline: string; hour: string }): string =>
  `${hour}:00 of timeline ${Number(timeline)}`;

/** The vault's objects by what they belong to. What belongs to nothing known is left out, and so is never removed. */
export function unitsOf({ keys, backups, unknown, leaving }: Inventory): Map<string, Unit> {
  const attemptOf = new Map([...leaving, ...backups].map(({ place, attempt }) => [placeName(place), attempt]));
  const untold = new Set(unknown.map(({ place }) => placeName(place)));
  const units = new Map<string, Unit>();
  for (const [key, { bytes, writtenAt }] of keys) {
    const owner = ownerOf(key);
    const named = namedBy(owner, attemptOf, untold);
    if (!named) continue;
    const name = unitName(named);
    const unit = units.get(name) ?? empty(named);
    units.set(name, unit);
    unit.keys.push(key);
    unit.bytes += bytes;
    // results are written whenever somebody looks: that does not make a backup young
    const counts = unit.kind !== 'attempt' || owner.kind !== 'check';
    if (counts && writtenAt > unit.newestAt) unit.newestAt = writtenAt;
    if (owner.kind === 'capture' && owner.part === 'segment' && unit.kind === 'capture') {
      unit.reaches.push(owner.covers?.through ?? endOfHour(owner.hour));
    }
  }
  return units;
}

function empty(named: Named): Unit {
  const stored = { keys: [], bytes: 0, newestAt: new Date(0) };
  return named.kind === 'capture' ? { ...named, reaches: [], ...stored } : { ...named, ...stored };
}

const endOfHour = (hour: string): OplogTime => ({ seconds: Date.parse(`${hour}:00:00Z`) / 1000 + 3600, increment: 0 });

function namedBy(owner: Owner, attemptOf: ReadonlyMap<string, string>, untold: ReadonlySet<string>): Named | undefined {
  switch (owner.kind) {
    case 'other':
      return undefined;
    case 'capture':
      return { kind: 'capture', timeline: owner.timeline, hour: owner.hour };
    case 'attempt':
      return { kind: 'attempt', place: owner.place, attempt: owner.attempt };
    case 'manifest':
    case 'check': {
      const attempt = attemptOf.get(placeName(owner.place));
      if (attempt !== undefined) return { kind: 'attempt', place: owner.place, attempt };
      // a manifest that tells nothing is no result of anything that is gone: nobody may take it away
      return owner.kind === 'manifest' || untold.has(placeName(owner.place))
        ? undefined
        : { kind: 'checks', place: owner.place };
    }
  }
}
