import { BackupId } from '#core';
import type { BackupPlace, SegmentKind } from './format.ts';

/**
 * Where things are in a bucket. Manifests have a prefix of their own, so that listing backups does not list their
 * segments. An attempt is one try at a backup: what a killed try left behind never mixes with the next one's.
 */
export const MANIFESTS = 'manifests/';

export const manifestKey = ({ year, backup }: BackupPlace): string => `${MANIFESTS}${year}/${backup}`;

/** The data of backups: all that may ever lie in colder storage. */
export const SEGMENT_OBJECTS = 'segments/';

/** All tries at a backup. */
export const attemptsPrefix = ({ year, backup }: BackupPlace): string => `${SEGMENT_OBJECTS}${year}/${backup}/`;

export const attemptPrefix = (place: BackupPlace, attempt: string): string => `${attemptsPrefix(place)}${attempt}/`;

export const segmentKey = (place: BackupPlace, attempt: string, kind: SegmentKind, index: number): string =>
  `${attemptPrefix(place, attempt)}${kind}-${String(index).padStart(6, '0')}`;

/** The segment a key names; undefined for one that names another thing. */
export function segmentIn(key: string): { readonly kind: SegmentKind; readonly index: number } | undefined {
  const [, kind, index] = /\/(documents|oplog)-([0-9]{6,9})$/.exec(key) ?? [];
  return kind === 'documents' || kind === 'oplog' ? { kind, index: Number(index) } : undefined;
}

/** How far a try has come, beside its segments; from 1 on. */
export const checkpointKey = (place: BackupPlace, attempt: string, number: number): string =>
  `${attemptPrefix(place, attempt)}checkpoint-${String(number).padStart(6, '0')}`;

/** The number of the checkpoint that a key names. */
export function checkpointIn(key: string): number | undefined {
  const [, number] = /\/checkpoint-([0-9]{6,9})$/.exec(key) ?? [];
  return number === undefined ? undefined : Number(number);
}

export const KEYS = 'keys/';

/** The keys of captured hours are named so; a backup's begin with its year. */
export const HOUR_KEYS = ['capture-', 'archive-'];

/** And the keys of what is kept of a region's loss. */
export const KEPT_KEYS = 'kept-';

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

/** Results of reading backups back. */
export const CHECKS = 'checks/';

export const checkPrefix = ({ year, backup }: BackupPlace): string => `${CHECKS}${year}/${backup}/`;

/** Checks sort by time: the newest is the last. */
export const checkKey = (place: BackupPlace, at: Date): string => `${checkPrefix(place)}${at.toISOString()}`;

/** The place a manifest's or a hold's key names; undefined for a key that is not one. */
export function placeOf(key: string, prefix: string = MANIFESTS): BackupPlace | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const found = /^([0-9]{4})\/(B-[0-9]{4}-[0-9]{4}[a-z]{0,2})$/.exec(key.slice(prefix.length));
  return found?.[1] && found[2] ? { year: Number(found[1]), backup: BackupId.parse(found[2]) } : undefined;
}
