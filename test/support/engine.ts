import { type Document, MongoClient } from 'mongodb';
import { openOplogSource, openRestoreTarget, openSnapshotSource } from '#adapters/mongodb';
import { RequestId } from '#core';
import { type CapturedUntil, restoreBeside, verifyBeside } from '#restore';
import { type SnapshotOptions, takeFullSnapshot, takeIncrementalSnapshot } from '#snapshot';
import { inlineSealer, type Manifest, type Vault } from '#vault';
import { nextBackupId, PLAN_HASH } from './memory-vault.ts';

export const never = (): AbortSignal => new AbortController().signal;

/** The engine on one replica set and one database of its own. */
export async function openEngine(
  uri: string,
  database: string,
  vault: Vault,
  prefer: 'secondary' | 'primary' = 'secondary',
) {
  const client = new MongoClient(uri);
  const source = await openSnapshotSource({ uri, prefer });
  const oplog = await openOplogSource({ uri, prefer });
  const target = await openRestoreTarget({ uri });
  let runs = 0;
  const orders = (): SnapshotOptions => ({
    source,
    oplog,
    vault,
    backupId: nextBackupId(),
    databases: { include: [database], exclude: [] },
    lock: { mode: 'governance', days: 1 },
    planHash: PLAN_HASH,
    signal: never(),
    sealer: inlineSealer(),
  });
  return {
    client,
    db: client.db(database),
    source,
    oplog,
    target,
    nextRun: () => {
      runs += 1;
      return RequestId.parse(`R-${runs}`);
    },
    backUp: (more: Partial<SnapshotOptions> = {}) => takeFullSnapshot({ ...orders(), ...more }),
    backUpChanges: (parent: Manifest, more: Partial<SnapshotOptions> = {}) =>
      takeIncrementalSnapshot({ ...orders(), ...more }, parent),
    restore: (backupId: SnapshotOptions['backupId'], runId: RequestId, until?: CapturedUntil) =>
      restoreBeside({ vault, point: { backupId, ...(until ? { until } : {}) }, target, runId, signal: never() }),
    verify: (backupId: SnapshotOptions['backupId'], runId: RequestId, until?: CapturedUntil) =>
      verifyBeside({
        vault,
        point: { backupId, ...(until ? { until } : {}) },
        target,
        runId,
        signal: never(),
        where: 'beside',
      }),
    close: async () => {
      await client.db(database).dropDatabase();
      await Promise.all([client.close(), source.close(), oplog.close(), target.close()]);
    },
  };
}

/** Every document of a collection as hex, in storage order: the independent oracle reads with the driver's cursor. */
export async function rawDocuments(client: MongoClient, database: string, name: string): Promise<string[]> {
  const found = client
    .db(database)
    .collection(name)
    .find({}, { raw: true, hint: { $natural: 1 } });
  const documents: string[] = [];
  for await (const document of found) documents.push(bytesOf(document).toString('hex'));
  return documents;
}

/** `listCollections` and `listIndexes` of some collections, without what differs by design (name, UUID, `ns`). */
export async function described(client: MongoClient, database: string, name: string): Promise<Document> {
  const [info] = await client.db(database).listCollections({ name }).toArray();
  const indexes = await client.db(database).collection(name).listIndexes().toArray();
  return { type: info?.type, options: info && 'options' in info ? info.options : undefined, indexes };
}

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new Error('the driver decoded a document that was asked for raw');
}
