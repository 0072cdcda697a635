import { type Db, type MongoClient, Timestamp } from 'mongodb';
import { z } from 'zod';
import type { BackupId } from '#core';
import type { OplogTime } from '#ports';
import { openPoint } from '#restore';
import type { Vault } from '#vault';
import { pick, type Seeded } from '../e2e/scenarios/seeded.ts';
import { described, type openEngine, rawDocuments } from '../support/engine.ts';
import { randomChange } from './random-change.ts';

/** What the database was at a moment, as its client saw it: documents as bytes, and how each collection is made. */
export interface Seen {
  readonly at: OplogTime;
  readonly collections: ReadonlyMap<string, { readonly documents: readonly string[]; readonly made: unknown }>;
  readonly views: readonly string[];
}

const Answer = z.object({ operationTime: z.instanceof(Timestamp) });

/** Random changes; between them nobody writes, and what is there is looked at. */
export async function changeAndLook(db: Db, client: MongoClient, random: Seeded, looks: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let look = 0; look < looks; look += 1) {
    const changes = 1 + Math.floor(random() * 8);
    for (let n = 0; n < changes; n += 1) await randomChange(db, client, random);
    seen.push(await lookAt(db, client));
  }
  return seen;
}

async function lookAt(db: Db, client: MongoClient): Promise<Seen> {
  // an entry of its own: whatever came before it counts, and nothing that comes later
  const mark = { insert: 'marks', documents: [{}], writeConcern: { w: 'majority' } };
  const { high, low } = Answer.parse(await db.command(mark)).operationTime;
  const collections = new Map<string, { documents: string[]; made: unknown }>();
  const views: string[] = [];
  for (const { name, type } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    if (name.startsWith('__hf_') || name.startsWith('system.')) continue;
    if (type === 'view') views.push(name);
    else {
      const documents = await rawDocuments(client, db.databaseName, name);
      collections.set(name, { documents, made: await described(client, db.databaseName, name) });
    }
  }
  return { at: { seconds: high >>> 0, increment: low >>> 0 }, collections, views: views.sort() };
}

/** Restores to moments that were seen, chosen at random, and says what is not as it was. */
export async function compareAtRandom(
  engine: Awaited<ReturnType<typeof openEngine>>,
  { vault, backup, end }: { readonly vault: Vault; readonly backup: BackupId; readonly end: OplogTime },
  seen: readonly Seen[],
  { random, points }: { readonly random: Seeded; readonly points: number },
): Promise<string[]> {
  const [first, ...later] = seen.filter(
    ({ at }) => at.seconds > end.seconds || (at.seconds === end.seconds && at.increment > end.increment),
  );
  if (!first) throw new Error('nothing was seen after the backup');
  const wrong: string[] = [];
  for (let point = 0; point < points; point += 1) {
    const was = pick(random, [first, ...later]);
    const where = `at ${was.at.seconds}:${was.at.increment}`;
    const until = { timeline: 1, before: { ...was.at, increment: was.at.increment + 1 }, reached: was.at };
    const run = engine.nextRun();
    const { collections } = await engine.restore(backup, run, until);
    const there = collections.map(({ name }) => name).sort();
    const wanted = [...was.collections.keys()].sort();
    if (there.join() !== wanted.join()) wrong.push(`${where}: ${there.join()} instead of ${wanted.join()}`);
    for (const { name, beside, database } of collections) {
      const expected = was.collections.get(name);
      if (!expected) continue;
      const found = await rawDocuments(engine.client, database, beside);
      // the order is part of a capped collection only
      const same = isCapped(expected.made)
        ? found.join() === expected.documents.join()
        : found.toSorted().join() === expected.documents.toSorted().join();
      if (!same)
        wrong.push(`${where}: ${name} has other documents (${found.length}, was ${expected.documents.length})`);
      const made = JSON.stringify(sorted(await described(engine.client, database, beside)));
      const wasMade = JSON.stringify(sorted(expected.made));
      if (made !== wasMade) wrong.push(`${where}: ${name} is made otherwise: ${made} instead of ${wasMade}`);
    }
    const verified = await engine.verify(backup, run, until);
    for (const { namespace, differences } of verified.collections) {
      if (differences.length > 0) wrong.push(`${where}: verification of ${namespace}: ${differences.join('; ')}`);
    }
    const opened = await openPoint(vault, { backupId: backup, until });
    const views = [...opened.catalog.views.keys()].map((name) => name.slice(name.indexOf('.') + 1)).sort();
    await opened.close();
    if (views.join() !== was.views.join()) wrong.push(`${where}: views ${views.join()} instead of ${was.views.join()}`);
    for (const { database, beside } of collections) await engine.target.drop({ database, name: beside });
  }
  return wrong;
}

const Made = z.object({ options: z.object({ capped: z.literal(true) }) });
const isCapped = (made: unknown): boolean => Made.safeParse(made).success;

/** Fields in one order, so that only what they say is compared; indexes by name. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(sorted);
    return all.every((each) => typeof each === 'object' && each !== null && 'name' in each)
      ? all.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
      : all;
  }
  if (typeof value !== 'object' || value === null || value.constructor !== Object) return value;
  const isKeyPattern = Object.values(value).every((each) => each === 1 || each === -1 || each === 'text');
  const entries = Object.entries(value).filter(([name]) => name !== 'ns');
  return isKeyPattern
    ? entries
    : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, sorted(each)]));
}
