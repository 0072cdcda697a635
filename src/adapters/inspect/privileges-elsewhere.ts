import type { NeededPrivilege } from './needed-privileges.ts';

/** What a restore to another cluster needs there; docs/operations.md has it as a role to create. */
export function privilegesElsewhere(databases: readonly string[]): NeededPrivilege[] {
  return [
    { on: 'cluster', actions: ['serverStatus', 'replSetGetConfig', 'getParameter'] },
    { on: { db: 'local', collection: '' }, actions: ['dbStats'] },
    ...databases.flatMap((db): NeededPrivilege[] => [
      {
        on: { db, collection: '' },
        actions: [
          ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
          ...['createCollection', 'dropCollection', 'renameCollectionSameDB'],
          ...['createIndex', 'listCollections', 'listIndexes', 'dbStats'],
        ],
      },
      {
        on: { db, buckets: '' },
        actions: [
          ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
          ...['createCollection', 'dropCollection', 'createIndex', 'listIndexes'],
        ],
      },
    ]),
  ];
}
