/**
 * The least each user needs, found by trying on mongod 6.0.5. A right is left out when everything passed without it.
 */
export type Privilege = { readonly resource: Resource; readonly actions: readonly string[] };
type Resource =
  | { readonly cluster: true }
  | { readonly db: string; readonly collection: string }
  | { readonly db: string; readonly system_buckets: string };

const cluster = (...actions: string[]): Privilege => ({ resource: { cluster: true }, actions });
const database = (db: string, ...actions: string[]): Privilege => ({ resource: { db, collection: '' }, actions });
/** What holds time-series collections is not among a database's collections: not even a backup gets by without it. */
const buckets = (db: string, ...actions: string[]): Privilege => ({ resource: { db, system_buckets: '' }, actions });

/** Reads every collection of `databases` by UUID, with majority read concern. */
export const snapshotReader = (databases: readonly string[]): Privilege[] => [
  // find by UUID is refused without useUUID
  // the last two say which release wrote a backup, and which set: for a restore to another cluster
  cluster('listDatabases', 'replSetGetStatus', 'serverStatus', 'useUUID', 'getParameter', 'replSetGetConfig'),
  ...databases.flatMap((db) => [
    database(db, 'find', 'listCollections', 'listIndexes', 'collStats', 'dbStats'),
    buckets(db, 'find', 'listIndexes', 'collStats'),
  ]),
];

/** Follows the oplog. `serverStatus.repl.rbid` stands in for replSetGetRBID, which no role may call. */
export const oplogTailer = (): Privilege[] => [
  cluster('serverStatus', 'replSetGetStatus'),
  { resource: { db: 'local', collection: 'oplog.rs' }, actions: ['find', 'collStats'] },
];

/**
 * Writes beside and swaps by renaming, also while user writes are blocked. The built-in role `restore` passes the
 * block too but may not rename; `readWrite` and `dbAdmin` do not pass it.
 */
export const restoreWriter = (databases: readonly string[]): Privilege[] => [
  cluster('bypassWriteBlockingMode', 'listDatabases', 'serverStatus', 'useUUID', 'applyOps'),
  ...databases.flatMap((db) => [
    database(
      db,
      ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
      ...['createCollection', 'dropCollection', 'collMod', 'convertToCapped', 'renameCollectionSameDB'],
      ...['createIndex', 'dropIndex', 'listCollections', 'listIndexes', 'collStats', 'dbStats'],
    ),
    buckets(
      db,
      ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
      ...['createCollection', 'dropCollection', 'createIndex', 'listIndexes'],
    ),
  ]),
];

/** Restores to a cluster that is not the protected one: under names of ours, then renamed; nothing expires, no block is passed. */
export const otherClusterWriter = (databases: readonly string[]): Privilege[] => [
  // what it is, so that it is not taken for another, and whether it takes writes
  cluster('serverStatus', 'replSetGetConfig', 'getParameter'),
  // how much room its disks have, also before there is a database to ask
  database('local', 'dbStats'),
  ...databases.flatMap((db) => [
    database(
      db,
      ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
      ...['createCollection', 'dropCollection', 'renameCollectionSameDB'],
      ...['createIndex', 'listCollections', 'listIndexes', 'dbStats'],
    ),
    buckets(
      db,
      ...['find', 'insert', 'update', 'remove', 'bypassDocumentValidation'],
      ...['createCollection', 'dropCollection', 'createIndex', 'listIndexes'],
    ),
  ]),
];

/** Moves the primary, blocks user writes and ends what would stand in the way of the block. */
export const operator = (): Privilege[] => [
  cluster(
    ...['replSetConfigure', 'replSetGetConfig', 'replSetGetStatus', 'replSetStateChange', 'serverStatus'],
    ...['setUserWriteBlockMode', 'bypassWriteBlockingMode', 'killop', 'inprog', 'killAnySession'],
  ),
];

/** Writes the one document of the canary, and reads nothing. */
export const canaryWriter = (canaryDatabase: string): Privilege[] => [
  { resource: { db: canaryDatabase, collection: 'canary' }, actions: ['insert', 'update'] },
];
