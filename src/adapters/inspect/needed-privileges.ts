/**
 * A right on the protected replica set: an action on the cluster, on a database, on what holds its time-series collections,
 * or on the oplog.
 */
export interface NeededPrivilege {
  readonly on:
    | 'cluster'
    | { readonly db: string; readonly collection: string }
    | { readonly db: string; readonly buckets: '' };
  readonly actions: readonly string[];
}

/**
 * All that Holdfast's user needs there, and no more: reading by UUID, following the oplog, writing beside and renaming,
 * moving the primary and blocking writes. docs/operations.md has it as roles to create.
 */
export function neededPrivileges(databases: readonly string[], canaryDatabase: string): NeededPrivilege[] {
  return [
    {
      on: 'cluster',
      actions: [
        ...['listDatabases', 'replSetGetStatus', 'serverStatus', 'useUUID', 'applyOps', 'getParameter'],
        ...['replSetConfigure', 'replSetGetConfig', 'replSetStateChange'],
        ...['setUserWriteBlockMode', 'bypassWriteBlockingMode', 'killop', 'inprog', 'killAnySession'],
      ],
    },
    { on: { db: 'local', collection: 'oplog.rs' }, actions: ['find', 'collStats'] },
    { on: { db: canaryDatabase, collection: 'canary' }, actions: ['insert', 'update'] },
    ...databases.flatMap((db): NeededPrivilege[] => [
      {
        on: { db, collection: '' },
        actions: [
          ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
          ...['createCollection', 'dropCollection', 'collMod', 'convertToCapped', 'renameCollectionSameDB'],
          ...['createIndex', 'dropIndex', 'listCollections', 'listIndexes', 'collStats', 'dbStats'],
        ],
      },
      {
        on: { db, buckets: '' },
        actions: [
          ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
          ...['createCollection', 'dropCollection', 'createIndex', 'listIndexes', 'collStats'],
        ],
      },
    ]),
  ];
}
