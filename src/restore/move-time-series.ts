import { DrError, documentsOf } from '#core';
import type { Namespace, RestoreTarget, TargetCollection } from '#ports';
import { CollectionHash } from '#vault';
import { takenName } from './taken-name.ts';
import { bucketsOf, viewOptions } from './time-series.ts';

export interface Move {
  readonly target: RestoreTarget;
  readonly from: Namespace;
  /** In the same database. */
  readonly to: Namespace;
}

/**
 * Gives a time-series collection another name. No server renames one: its buckets are copied as they are, compared, and
 * only then get the view that is their name; the old ones go last. Idempotent: what there is says where an earlier try
 * stopped. Throws TARGET_EXISTS (permanent) when something else has the name, NOT_FOUND (permanent) when there is nothing
 * to move, RESTORE_MISMATCH (permanent) when the copy is not equal.
 */
export async function moveTimeSeries({ target, from, to }: Move): Promise<void> {
  const all = await target.collections(from.database);
  const named = ({ name }: Namespace): TargetCollection | undefined => all.find((each) => each.name === name);
  const source = named(bucketsOf(from));
  const isThere = named(to)?.kind === 'timeseries';
  if (!source || !named(from)) {
    if (isThere) return;
    throw new DrError('NOT_FOUND', 'permanent', `The restored ${from.database}.${from.name} is no longer there.`, {
      hint: 'Restore it again: /dr restore',
    });
  }
  if (named(to)) {
    if (!isThere || !(await isEqual(target, from, to))) throw takenName(`${to.database}.${to.name}`);
  } else {
    if (!named(bucketsOf(to))) await target.create(bucketsOf(to), source.options);
    await copyBuckets({ target, from, to });
    if (!(await isEqual(target, from, to))) throw unequal(to);
    await target.create(to, viewOptions(source.options));
  }
  await target.drop(from);
}

/**
 * Undoes `moveTimeSeries`: a copy that has no name yet goes, one that has its name is moved back. Idempotent, and harmless
 * where nothing was moved.
 */
export async function moveBack({ target, from, to }: Move): Promise<void> {
  const all = await target.collections(from.database);
  const isThere = ({ name }: Namespace): boolean => all.some((each) => each.name === name);
  if (!isThere(from)) {
    if (isThere(to)) await moveTimeSeries({ target, from: to, to: from });
  } else if (!isThere(to)) await target.drop(bucketsOf(to));
}

async function copyBuckets({ target, from, to }: Move): Promise<void> {
  const [source, copy] = [bucketsOf(from), bucketsOf(to)];
  for await (const batch of target.read(source, new AbortController().signal)) {
    await target.insert(copy, [...documentsOf(batch.documents)]);
  }
  await target.createIndexes(copy, await target.indexes(source));
}

async function isEqual(target: RestoreTarget, one: Namespace, other: Namespace): Promise<boolean> {
  const [first, second] = [await hashOf(target, bucketsOf(one)), await hashOf(target, bucketsOf(other))];
  return first === second;
}

async function hashOf(target: RestoreTarget, at: Namespace): Promise<string> {
  const sum = new CollectionHash();
  let documents = 0;
  for await (const batch of target.read(at, new AbortController().signal)) {
    documents += batch.count;
    for (const document of documentsOf(batch.documents)) sum.add(document);
  }
  return `${documents} ${sum.digest()}`;
}

const unequal = ({ database, name }: Namespace): DrError =>
  new DrError('RESTORE_MISMATCH', 'permanent', `The buckets of ${database}.${name} are not those that were restored.`, {
    hint: 'Restore it again under another name: /dr restore ... --as',
  });
