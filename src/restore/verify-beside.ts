import { z } from 'zod';
import { documentsOf, elementsOf, type RawDocument, type RequestId, without } from '#core';
import type { Namespace, RestoreTarget } from '#ports';
import { CollectionHash, type Vault } from '#vault';
import { EMPTY_DOCUMENT_BYTES } from './change-collection.ts';
import { type ExpectedState, expectedState } from './expected-state.ts';
import { indexName } from './fold-catalog.ts';
import { type PlannedCollection, planRestore, type Wanted } from './restore-plan.ts';
import { openPoint, type RestorePoint } from './restore-point.ts';
import { bucketsOf } from './time-series.ts';

export const VerifiedCollection = z.object({
  namespace: z.string(),
  documents: z.number(),
  hash: z.string(),
  /**
   * What the hash was compared with. `manifest`: the hash taken when the source was read. `replay`: the backup's
   * documents and oplog, worked out without the server.
   */
  comparedWith: z.enum(['manifest', 'replay']),
  indexes: z.number(),
  /** Empty when count, hash, indexes and options are equal. */
  differences: z.array(z.string()),
});
export type VerifiedCollection = z.output<typeof VerifiedCollection>;

/** Proves that restored = vault. That the vault was the source is shown by rehearsals against an oracle, not here. */
export const BesideVerification = z.object({
  equal: z.boolean(),
  documents: z.number(),
  collections: z.array(VerifiedCollection),
});
export type BesideVerification = z.output<typeof BesideVerification>;

export interface VerifyBesideOptions extends Wanted {
  readonly vault: Vault;
  readonly point: RestorePoint;
  readonly target: RestoreTarget;
  readonly runId: RequestId;
  readonly signal: AbortSignal;
  /** Where the restored collections are: beside before the swap, under their own names after it. */
  readonly where: 'beside' | 'live';
}

/**
 * Reads every restored collection back and compares count, hash of the raw documents, indexes and options with the
 * backup. Differences are a result, not an error. Changes nothing. Throws what `openPoint` and the target throw.
 */
export async function verifyBeside(options: VerifyBesideOptions): Promise<BesideVerification> {
  const { vault, target, runId, signal, where } = options;
  const point = await openPoint(vault, options.point);
  try {
    const plan = planRestore(point.catalog, runId, options);
    const collections: VerifiedCollection[] = [];
    for (const planned of plan.collections) {
      signal.throwIfAborted();
      const { database, name } = planned.place;
      const known: Namespace = { database, name: where === 'beside' ? planned.beside : name };
      const at = planned.timeSeries ? bucketsOf(known) : known;
      collections.push(await compare(target, at, planned, await expectedState(point, planned), signal));
    }
    return {
      equal: collections.every(({ differences }) => differences.length === 0),
      documents: collections.reduce((sum, { documents }) => sum + documents, 0),
      collections,
    };
  } finally {
    await point.close();
  }
}

async function compare(
  target: RestoreTarget,
  at: Namespace,
  planned: PlannedCollection,
  expected: ExpectedState,
  signal: AbortSignal,
): Promise<VerifiedCollection> {
  const differences: string[] = [];
  const found = (await target.collections(at.database)).find(({ name }) => name === at.name);
  const base = { namespace: planned.namespace, comparedWith: expected.from };
  if (!found) return { ...base, documents: 0, hash: '', indexes: 0, differences: [`${at.name} is missing`] };
  const sum = new CollectionHash();
  let documents = 0;
  for await (const batch of target.read(at, signal)) {
    documents += batch.count;
    for (const document of documentsOf(batch.documents)) sum.add(document);
  }
  if (documents !== expected.documents) differences.push(`${documents} documents instead of ${expected.documents}`);
  if (sum.digest() !== expected.hash) differences.push('the documents hash differently');
  const indexes = await target.indexes(at);
  const different = differentIndexes(indexes, [...planned.entry.indexes.values()]);
  if (different.length > 0) differences.push(`indexes differ: ${different.join(', ')}`);
  const otherwise = differentOptions(found.options, planned.options);
  if (otherwise.length > 0) differences.push(`the options differ: ${otherwise.join(', ')}`);
  return { ...base, documents, hash: sum.digest(), indexes: indexes.length, differences };
}

/** Names of indexes that are not in both, or not the same in both. */
function differentIndexes(there: readonly RawDocument[], wanted: readonly RawDocument[]): string[] {
  const [mine, theirs] = [there, wanted].map(
    (specs) => new Map(specs.map((spec) => [comparable(spec), indexName(spec)])),
  );
  const onlyIn = (some: typeof mine, other: typeof mine): string[] =>
    [...(some ?? [])].flatMap(([text, name]) => (other?.has(text) ? [] : [name]));
  return [...new Set([...onlyIn(mine, theirs), ...onlyIn(theirs, mine)])];
}

/** Names of options that are not in both, or not the same in both. */
function differentOptions(there: RawDocument, wanted: RawDocument): string[] {
  const [mine, theirs] = [fieldsOf(there), fieldsOf(wanted)];
  const onlyIn = (some: readonly string[], other: readonly string[]): string[] =>
    some.filter((field) => !other.includes(field)).map((field) => field.slice(0, field.indexOf(':')));
  return [...new Set([...onlyIn(mine, theirs), ...onlyIn(theirs, mine)])];
}

/** Options and index specifications as text, whatever the order of their fields; those inside a field keep theirs. */
const comparable = (document: RawDocument): string => fieldsOf(document).join(' ');

/**
 * When documents expire is compared by nobody here, because it is switched on after the swap; `ns` is the old name.
 */
const fieldsOf = (document: RawDocument): string[] =>
  [...elementsOf(without(document, 'expireAfterSeconds', 'ns'))]
    .filter(({ name, bytes }) => !(name === 'validator' && bytes.length === EMPTY_DOCUMENT_BYTES))
    .map(({ name, type, bytes }) => `${name}:${type}:${bytes.toString('hex')}`)
    .sort();
