import { type Db, type Document, MongoClient, MongoServerError } from 'mongodb';
import { systemUri } from './key-file.ts';
import { type MemberSpec, type ReplicaSettings, replicaConfig } from './replica-config.ts';
import type { ReplicaSet } from './running-set.ts';
import { until } from './until.ts';
import { passwordOf } from './users.ts';

const NOT_YET_INITIALIZED = 94;
const ALREADY_INITIALIZED = 23;

/**
 * Takes a replica set from "processes answer" to "one primary, all healthy, user root there". Idempotent.
 * The election is not waited for: `replSetStepUp`, retried, is 10 s faster than the first election's timeout.
 */
export async function bringUp(set: ReplicaSet, specs: readonly MemberSpec[], settings: ReplicaSettings): Promise<void> {
  const preferred = [...specs].sort((a, b) => b.priority - a.priority)[0];
  if (preferred === undefined) throw new Error(`${set.name} has no members`);
  const client = new MongoClient(systemUri(set.member(preferred.name).host, set.key), {
    serverSelectionTimeoutMS: 5000,
  });
  try {
    const admin = client.db('admin');
    const status = () => admin.command({ replSetGetStatus: 1 });
    const members = specs.map((spec) => ({ ...spec, host: set.member(spec.name).host }));
    const config = await until(
      `${set.name} has a config`,
      async () => {
        const known = await configOf(admin);
        if (known !== undefined) return known;
        await initiate(admin, replicaConfig(set.name, members, settings));
        return false;
      },
      // a member whose old port now belongs to somebody silent takes 30 s to see that it is not itself
      { withinMs: 60_000 },
    );
    await tellNewAddresses(admin, config, set);
    await until(
      `${set.name} has a primary`,
      async () => {
        const now = await status();
        if (now['members'].some((member: Document) => member['stateStr'] === 'PRIMARY')) return true;
        await admin.command({ replSetStepUp: 1 }).catch(() => undefined); // refused until it is a secondary
        return false;
      },
      { withinMs: 60_000, everyMs: 100 },
    );
    await putRoot(set);
    await until(
      `all members of ${set.name} are healthy`,
      async () => {
        const members: Document[] = (await status())['members'];
        return members.every((member) => ['PRIMARY', 'SECONDARY'].includes(member['stateStr']));
      },
      { withinMs: 120_000, everyMs: 100 },
    );
  } finally {
    await client.close();
  }
}

/** The config that this member has; undefined when it has none, or has not read it from its disk yet. */
async function configOf(admin: Db): Promise<Document | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 }))['config'];
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return undefined;
    throw error;
  }
}

async function initiate(admin: Db, config: Document): Promise<void> {
  try {
    await admin.command({ replSetInitiate: config });
  } catch (error) {
    // it has one on its disk and is still reading it
    if (!(error instanceof MongoServerError) || error.code !== ALREADY_INITIALIZED) throw error;
  }
}

/** After a start on other ports no member finds itself in the config; only a forced one can be given to them then. */
async function tellNewAddresses(admin: Db, config: Document, set: ReplicaSet): Promise<void> {
  const members = config['members'].map((member: Document) => ({
    ...member,
    host: set.member(member['tags'].name).host,
  }));
  const hosts = (list: Document[]) => list.map((member) => member['host']).join();
  if (hosts(members) === hosts(config['members'])) return;
  const version = config['version'] + 1;
  await admin.command({ replSetReconfig: { ...config, version, members }, force: true });
}

async function putRoot(set: ReplicaSet): Promise<void> {
  const hosts = set.members.map((member) => member.host).join(',');
  const key = encodeURIComponent(set.key.text);
  const client = new MongoClient(`mongodb://__system:${key}@${hosts}/?authSource=local&replicaSet=${set.name}`);
  try {
    const pwd = passwordOf(set.key.text, 'root');
    const { users } = await client.db('admin').command({ usersInfo: 'root' });
    // only when it is missing: a majority write here would wait for members that a later start finds damaged
    if (users.length > 0) return;
    const writeConcern = { w: 'majority' };
    await client.db('admin').command({ createUser: 'root', pwd, roles: ['root'], writeConcern });
  } finally {
    await client.close();
  }
}
