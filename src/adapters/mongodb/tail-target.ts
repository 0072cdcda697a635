import { type Document, MongoClient } from 'mongodb';
import { DrError, elementsOf, type RawDocument } from '#core';
import type { Namespace, TailTarget } from '#ports';
import { applyAll, replaceAll } from './apply-changes.ts';
import { engineError } from './engine-errors.ts';
import { findByIds } from './find-by-ids.ts';
import { orderedValue } from './ordered-value.ts';
import type { WriteTo } from './raw-write.ts';
import { openRestoreTarget } from './restore-target.ts';

const WRITTEN_WITHIN_MS = 30_000;
const MAJORITY = { writeConcern: { w: 'majority' } } as const;

/**
 * The live collections of the present primary, for whoever carries them on while users' writes are blocked. Throws
 * CONFIG_INVALID (permanent).
 */
export async function openTailTarget(options: {
  readonly uri: string;
}): Promise<TailTarget & { close(): Promise<void> }> {
  const target = await openRestoreTarget({ uri: options.uri, writtenWithinMs: WRITTEN_WITHIN_MS });
  const client = new MongoClient(options.uri, {
    appName: 'holdfast-tail',
    connectTimeoutMS: 2_000,
    serverSelectionTimeoutMS: 10_000,
    socketTimeoutMS: 0,
  });
  const to: WriteTo = { client, withinMs: WRITTEN_WITHIN_MS, majority: true };
  const attempt = async <T>(order: string, { database, name }: Namespace, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof DrError ? error : engineError(error, 'The primary', `${order} ${database}.${name}`);
    }
  };
  return {
    ...target,
    close: async () => {
      await Promise.all([target.close(), client.close()]);
    },
    apply: (at, changes) => attempt('change', at, () => applyAll(to, at, changes)),
    byIds: (at, ids) =>
      attempt('read', at, () =>
        findByIds({ client, database: at.database, collection: at.name, readConcern: { level: 'majority' } }, ids),
      ),
    replaceTogether: (at, ids, documents) =>
      attempt('change', at, () =>
        client.withSession((session) =>
          session.withTransaction(() => replaceAll({ ...to, session }, at, ids, documents), {
            readConcern: { level: 'local' },
            ...MAJORITY,
          }),
        ),
      ),
    async dropIndex(at, name) {
      const indexes = await target.indexes(at);
      if (!indexes.some((spec) => nameIn(spec) === name)) return;
      await attempt('drop an index of', at, () =>
        client.db(at.database).command({ dropIndexes: at.name, index: name, ...MAJORITY }),
      );
    },
    async modify(at, changes) {
      await attempt('change the options of', at, () =>
        client.db(at.database).command({ collMod: at.name, ...fieldsOf(changes), ...MAJORITY }),
      );
    },
  };
}

const nameIn = (spec: RawDocument): unknown => fieldsOf(spec)['name'];

/** A command's own fields; what is in them keeps its order. */
const fieldsOf = (document: RawDocument): Document =>
  Object.fromEntries([...elementsOf(document)].map((element) => [element.name, orderedValue(element)]));
