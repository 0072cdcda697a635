import { type BackupId, DrError, type Region, type Sha256 } from '#core';
import type { ObjectLock, OplogTime, ServerKind, SourceCollection } from '#ports';
import {
  type BackupPlace,
  bsonText,
  CollectionHash,
  type CollectionRecord,
  type Databases,
  type DataKey,
  FORMAT,
  FORMAT_VERSION,
  type Manifest,
  type ManifestHeader,
  type SegmentRecord,
  type Tally,
} from '#vault';
import type { DumpedCollection } from './dump-collections.ts';
import type { Scope } from './scope.ts';

export interface BackupFacts {
  readonly backupId: BackupId;
  readonly place: BackupPlace;
  readonly key: DataKey;
  readonly lock: ObjectLock;
  readonly planHash: Sha256;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly databases: Databases;
  readonly scope: Scope;
  readonly dumped: readonly DumpedCollection[];
  /** What it stands on, where only changes were read. */
  readonly parent: BackupPlace | undefined;
  readonly tallies: readonly Tally[];
  readonly member: string;
  readonly servers: ServerKind;
  readonly rollbackId: number;
  readonly window: { readonly start: OplogTime; readonly end: OplogTime };
  readonly segments: readonly SegmentRecord[];
  readonly regions: readonly Region[];
}

/** The manifest of what was read and copied. Pure. */
export function describeBackup(facts: BackupFacts): Manifest {
  const collections = facts.dumped.map((dumped) => describeCollection(dumped, facts.tallies));
  const sum = (pick: (record: CollectionRecord) => number): number =>
    collections.reduce((total, record) => total + pick(record), 0);
  return {
    header: {
      format: FORMAT,
      version: FORMAT_VERSION,
      backup: facts.backupId,
      year: facts.place.year,
      kind: facts.parent ? 'incremental' : 'full',
      parent: facts.parent ?? null,
      key: facts.key.name,
      startedAt: facts.startedAt.toISOString(),
      finishedAt: facts.finishedAt.toISOString(),
      window: facts.window,
      collections: collections.length,
      documents: sum(({ documents }) => documents),
      bytes: sum(({ bytes }) => bytes),
      ...(facts.parent ? { restores: estimateOf(facts.dumped) } : {}),
      storedBytes: facts.segments.reduce((total, { storedBytes }) => total + storedBytes, 0),
      regions: [...facts.regions],
      lock: { mode: facts.lock.mode, until: facts.lock.until.toISOString() },
      planHash: facts.planHash,
      source: sourceOf(facts.servers),
    },
    body: {
      member: facts.member,
      rollbackId: facts.rollbackId,
      scope: facts.databases,
      databases: [...facts.scope.databases],
      collections,
      views: facts.scope.views.map((view) => ({ ...view, definition: bsonText(view.definition) })),
      segments: [...facts.segments],
    },
  };
}

const sourceOf = ({ version, featureVersion, setId }: ServerKind): NonNullable<ManifestHeader['source']> => ({
  version,
  ...(featureVersion === undefined ? {} : { featureVersion }),
  ...(setId === undefined ? {} : { setId }),
});

function estimateOf(dumped: readonly DumpedCollection[]): { documents: number; bytes: number } {
  const sum = (pick: (estimate: SourceCollection['estimate']) => number): number =>
    dumped.reduce((total, { collection }) => total + pick(collection.estimate), 0);
  return { documents: sum(({ documents }) => documents), bytes: sum(({ bytes }) => bytes) };
}

function describeCollection(
  { number, gone, collection }: DumpedCollection,
  tallies: readonly Tally[],
): CollectionRecord {
  return {
    uuid: collection.uuid,
    database: collection.database,
    name: collection.name,
    kind: collection.kind,
    options: bsonText(collection.options),
    indexes: collection.indexes.map(bsonText),
    ...sumOf(number, tallies),
    ...(gone === undefined ? {} : { gone: goneOf(gone, tallies) }),
  };
}

function goneOf(number: number, tallies: readonly Tally[]): CollectionRecord['gone'] {
  const { documents, hash } = sumOf(number, tallies);
  return { number, documents, hash };
}

/** What went under a number. */
function sumOf(number: number, tallies: readonly Tally[]) {
  const mine = tallies.filter((tally) => tally.collection === number);
  const hash = new CollectionHash();
  for (const { words } of mine) hash.merge(words);
  return {
    number,
    documents: mine.reduce((total, tally) => total + tally.documents, 0),
    bytes: mine.reduce((total, tally) => total + tally.bytes, 0),
    hash: hash.digest(),
  };
}

/** The year a backup id belongs to: the one that puts its month and day nearest to now. */
export function placeFor(backupId: BackupId, now: Date): BackupPlace {
  const [, month, day] = /^B-([0-9]{2})([0-9]{2})-/.exec(backupId) ?? [];
  if (!month || !day) throw new DrError('UNEXPECTED', 'bug', `${backupId} is not a backup's id.`);
  const distance = (year: number): number => Math.abs(Date.UTC(year, Number(month) - 1, Number(day)) - now.getTime());
  const year = now.getUTCFullYear();
  const nearest = [year - 1, year, year + 1].sort((a, b) => distance(a) - distance(b))[0] ?? year;
  return { year: nearest, backup: backupId };
}
