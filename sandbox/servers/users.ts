import { createHmac } from 'node:crypto';
import { type Db, MongoClient, MongoServerError } from 'mongodb';
import {
  canaryWriter,
  operator,
  oplogTailer,
  otherClusterWriter,
  type Privilege,
  restoreWriter,
  snapshotReader,
} from './privileges.ts';

/** Who may do what. `eld` is the application; the five `holdfast-*` parts are also given together to `holdfast`. */
export const USER_NAMES = [
  'eld',
  'holdfast-snapshot',
  'holdfast-tailer',
  'holdfast-restore',
  'holdfast-operator',
  'holdfast-canary',
  'holdfast',
] as const;
export type UserName = (typeof USER_NAMES)[number];

/** The password of `user` in the replica set with this key: the same after every restart, written down nowhere. */
export const passwordOf = (keyText: string, user: string): string =>
  createHmac('sha256', keyText).update(user).digest('base64url');

export type UsersOptions = {
  /** A connection that may manage users (root). */
  readonly rootUri: string;
  readonly keyText: string;
  /** The databases that are protected; Holdfast's rights end there. */
  readonly databases: readonly string[];
  /** Where the canary is written; the plan's, unless said otherwise. */
  readonly canaryDatabase?: string;
};

/** Creates or renews roles and users of the protected replica set, committed by majority. Idempotent. */
export async function createUsers({
  rootUri,
  keyText,
  databases,
  canaryDatabase = 'holdfast_canary',
}: UsersOptions): Promise<void> {
  const parts: Record<Exclude<UserName, 'eld' | 'holdfast'>, Privilege[]> = {
    'holdfast-snapshot': snapshotReader(databases),
    'holdfast-tailer': oplogTailer(),
    'holdfast-restore': restoreWriter(databases),
    'holdfast-operator': operator(),
    'holdfast-canary': canaryWriter(canaryDatabase),
  };
  await withAdmin(rootUri, async (admin) => {
    for (const [name, privileges] of Object.entries(parts)) {
      await put(admin, 'Role', name, { privileges, roles: [] });
      await put(admin, 'User', name, { pwd: passwordOf(keyText, name), roles: [name] });
    }
    await put(admin, 'User', 'holdfast', { pwd: passwordOf(keyText, 'holdfast'), roles: Object.keys(parts) });
    const readWrite = databases.map((db) => ({ role: 'readWrite', db }));
    await put(admin, 'User', 'eld', { pwd: passwordOf(keyText, 'eld'), roles: readWrite });
  });
}

/** Creates or renews the one user of a control store; it owns `database` and nothing else. Idempotent. */
export async function createControlUser(options: {
  rootUri: string;
  keyText: string;
  database: string;
}): Promise<void> {
  await withAdmin(options.rootUri, async (admin) => {
    const privileges = [{ resource: { cluster: true }, actions: ['serverStatus', 'replSetGetStatus'] }];
    await put(admin, 'Role', 'holdfast-control', { privileges, roles: [] });
    const roles = ['holdfast-control', { role: 'dbOwner', db: options.database }];
    await put(admin, 'User', 'holdfast', { pwd: passwordOf(options.keyText, 'holdfast'), roles });
  });
}

/** Creates or renews the user that a restore to this cluster is done as. Idempotent. */
export async function createElsewhereUser({ rootUri, keyText, databases }: UsersOptions): Promise<void> {
  await withAdmin(rootUri, async (admin) => {
    await put(admin, 'Role', 'holdfast-elsewhere', { privileges: otherClusterWriter(databases), roles: [] });
    await put(admin, 'User', 'holdfast', { pwd: passwordOf(keyText, 'holdfast'), roles: ['holdfast-elsewhere'] });
  });
}

async function withAdmin(rootUri: string, work: (admin: Db) => Promise<void>): Promise<void> {
  const client = new MongoClient(rootUri, { writeConcern: { w: 'majority' } });
  try {
    await work(client.db('admin'));
  } finally {
    await client.close();
  }
}

const ALREADY_EXISTS = [51002, 51003];

async function put(admin: Db, kind: 'Role' | 'User', name: string, body: object): Promise<void> {
  const writeConcern = { w: 'majority' };
  try {
    await admin.command({ [`create${kind}`]: name, ...body, writeConcern });
  } catch (error) {
    if (!(error instanceof MongoServerError) || !ALREADY_EXISTS.includes(Number(error.code))) throw error;
    await admin.command({ [`update${kind}`]: name, ...body, writeConcern });
  }
}
