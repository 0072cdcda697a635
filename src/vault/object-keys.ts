import type { BackupPlace, SegmentKind } from './format.ts';

/**
 * Where things are in a bucket. Manifests have a prefix of their own, so that listing backups does not list their
 * segments. An attempt is one try at a backup: what a killed try left behind never mixes with the next one's.
 */
export const MANIFESTS = 'manifests/';

export const manifestKey = ({ year, backup }: BackupPlace): string => `${MANIFESTS}${year}/${backup}`;

export const segmentKey = ({ year, backup }: BackupPlace, attempt: string, kind: SegmentKind, index: number): string =>
  `segments/${year}/${backup}/${attempt}/${kind}-${String(index).padStart(6, '0')}`;

export const keyPrefix = (key: string): string => `keys/${key}/`;

export const keyGenerationKey = (key: string, generation: number): string =>
  `${keyPrefix(key)}${String(generation).padStart(4, '0')}`;

export const checkPrefix = ({ year, backup }: BackupPlace): string => `checks/${year}/${backup}/`;

/** Checks sort by time: the newest is the last. */
export const checkKey = (place: BackupPlace, at: Date): string => `${checkPrefix(place)}${at.toISOString()}`;

/** The place a manifest's key names; undefined for a key that is not one. */
export function placeOf(key: string): BackupPlace | undefined {
  const found = /^manifests\/([0-9]{4})\/(B-[0-9]{4}-[0-9]{4}[a-z]{0,2})$/.exec(key);
  return found?.[1] && found[2] ? { year: Number(found[1]), backup: found[2] } : undefined;
}
