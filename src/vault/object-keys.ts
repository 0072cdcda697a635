import { BackupId } from '#core';
import type { BackupPlace, SegmentKind } from './format.ts';

/**
 * Where things are in a bucket. Manifests have a prefix of their own, so that listing backups does not list their
 * segments. An attempt is one try at a backup: what a killed try left behind never mixes with the next one's.
 */
export const MANIFESTS = 'manifests/';

export const manifestKey = ({ year, backup }: BackupPlace): string => `${MANIFESTS}${year}/${backup}`;

export const segmentKey = ({ year, backup }: BackupPlace, attempt: string, kind: SegmentKind, index: number): string =>
  `segments/${year}/${backup}/${attempt}/${kind}-${String(index).padStart(6, '0')}`;

export const KEYS = 'keys/';

/** The keys of captured hours are named so; a backup's begin with its year. */
export const HOUR_KEYS = ['capture-', 'archive-'];

export const keyPrefix = (key: string): string => `${KEYS}${key}/`;

export const keyGenerationKey = (key: string, generation: number): string =>
  `${keyPrefix(key)}${String(generation).padStart(4, '0')}`;

/** The data key and the generation that a key object's name says; undefined for a name that is not one. */
export function generationOf(key: string): { readonly name: string; readonly generation: number } | undefined {
  const found = /^keys\/([^/]+)\/([0-9]{4,9})$/.exec(key);
  return found?.[1] && found[2] ? { name: found[1], generation: Number(found[2]) } : undefined;
}
/** Legal holds, one a backup, and what prune has marked. Both are kept here so that they hold without the control store. */
export const HOLDS = 'holds/';
export const MARKS = 'retention/marks';

export const holdKey = ({ year, backup }: BackupPlace): string => `${HOLDS}${year}/${backup}`;

export const attemptPrefix = ({ year, backup }: BackupPlace, attempt: string): string =>
  `segments/${year}/${backup}/${attempt}/`;

export const checkPrefix = ({ year, backup }: BackupPlace): string => `checks/${year}/${backup}/`;

/** Checks sort by time: the newest is the last. */
export const checkKey = (place: BackupPlace, at: Date): string => `${checkPrefix(place)}${at.toISOString()}`;

/** The place a manifest's or a hold's key names; undefined for a key that is not one. */
export function placeOf(key: string, prefix: string = MANIFESTS): BackupPlace | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const found = /^([0-9]{4})\/(B-[0-9]{4}-[0-9]{4}[a-z]{0,2})$/.exec(key.slice(prefix.length));
  return found?.[1] && found[2] ? { year: Number(found[1]), backup: BackupId.parse(found[2]) } : undefined;
}
