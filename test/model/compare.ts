import type { MongoClient } from 'mongodb';
import { type BackupId, RequestId } from '#core';
import type { OplogTime, RestoreTarget } from '#ports';
import { type CapturedUntil, openPoint, type RestorePoint, restoreBeside, verifyBeside } from '#restore';
import { BUCKETS, type Vault } from '#vault';
import { difference } from './digest.ts';
import { digestsOf, LEDGER, type Seen, type SeenCollection } from './look.ts';
import { listAll, madeOf } from './made.ts';

/** Where restores of the model go, and from where. */
export interface ModelRestore {
  readonly vault: Vault;
  readonly target: RestoreTarget;
  readonly client: MongoClient;
}

export interface PointOptions {
  readonly backup: BackupId;
  /** Whether the product's own proof must hold too, and the views are looked at. */
  readonly prove: boolean;
  /** What it restores under. */
  readonly number: number;
}

const untilExactly = (at: OplogTime): CapturedUntil => ({
  timeline: 1,
  before: { ...at, increment: at.increment + 1 },
  reached: at,
});

/** Restores a moment that was seen, and says what is not as it was. What was restored is dropped when all of it was right. */
export async function compareAt(
  { vault, target, client }: ModelRestore,
  seen: Seen,
  { backup, prove, number }: PointOptions,
): Promise<string[]> {
  const where = `at ${seen.at.seconds}:${seen.at.increment} from ${backup}`;
  const point: RestorePoint = { backupId: backup, until: untilExactly(seen.at) };
  const runId = RequestId.parse(`R-${number}`);
  const wrong: string[] = [];
  const restored = await restoreBeside({ vault, point, target, runId, signal: AbortSignal.timeout(120_000) });
  const there = new Set(restored.collections.map(({ database, name }) => `${database}.${name}`));
  for (const namespace of seen.collections.keys())
    if (!there.has(namespace.replace(`.${BUCKETS}`, '.'))) wrong.push(`${namespace} was not restored`);
  for (const { database, name, beside: known, ttl, timeSeries } of restored.collections) {
    const beside = timeSeries ? `${BUCKETS}${known}` : known;
    const namespace = timeSeries ? `${database}.${BUCKETS}${name}` : `${database}.${name}`;
    const was = seen.collections.get(namespace);
    if (!was) {
      wrong.push(`${namespace} was not there`);
      continue;
    }
    const [listed] = await listAll(client, database, (each) => each === beside);
    const made = listed && madeOf(listed);
    const found = await digestsOf(client, database, beside);
    const documents = was.made.capped ? found : found.sort();
    wrong.push(...differences(namespace, was, documents));
    if (made?.text !== was.made.text)
      wrong.push(`${namespace} is made otherwise:\n  ${made?.text}\n  ${was.made.text}`);
    const expires = ttl.map(({ index, expireAfterSeconds }) => `${index ?? '-'} ${expireAfterSeconds}`).sort();
    if (expires.join() !== was.made.expires.join())
      wrong.push(`${namespace} expires ${expires.join()} instead of ${was.made.expires.join()}`);
    if (name === LEDGER) {
      const count = await client
        .db(database)
        .collection<{ _id: number }>(beside)
        .countDocuments({ _id: { $lte: seen.acknowledged } });
      if (count !== seen.acknowledged) wrong.push(`${count} of ${seen.acknowledged} acknowledged writes are there`);
    }
  }
  if (prove) {
    wrong.push(...(await provedWrong()));
    wrong.push(...(await viewsWrong()));
  }
  if (wrong.length === 0)
    for (const { database, beside: name } of restored.collections) await target.drop({ database, name });
  return wrong.map((what) => `${where}: ${what}`);

  async function provedWrong(): Promise<string[]> {
    const signal = AbortSignal.timeout(120_000);
    const { collections } = await verifyBeside({ vault, point, target, runId, signal, where: 'beside' });
    return collections
      .filter((each) => each.differences.length > 0)
      .map((each) => `the proof of ${each.namespace} says ${each.differences.join('; ')}`);
  }

  async function viewsWrong(): Promise<string[]> {
    const opened = await openPoint(vault, point);
    await opened.close();
    const is = [...opened.catalog.views.keys()].sort().join();
    const was = [...seen.views.keys()].sort().join();
    return is === was ? [] : [`views ${is} instead of ${was}`];
  }
}

function differences(namespace: string, was: SeenCollection, documents: readonly string[]): string[] {
  if (documents.join('\n') === was.documents.join('\n')) return [];
  const { missing, tooMuch } = difference(was.documents, documents);
  if (missing.length + tooMuch.length === 0) return [`${namespace} has its documents in another order`];
  const few = (all: readonly string[]): string => all.slice(0, 5).join(', ');
  return [
    `${namespace} has ${documents.length} documents, had ${was.documents.length}; missing ${missing.length} (${few(missing)}), too much ${tooMuch.length} (${few(tooMuch)})`,
  ];
}
