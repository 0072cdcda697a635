import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { systemUri } from './key-file.ts';
import { type MemberSpec, type ReplicaSettings, replicaConfig } from './replica-config.ts';
import type { ReplicaSet } from './replica-set.ts';
import { until } from './until.ts';
import { passwordOf } from './users.ts';

const NOT_YET_INITIALIZED = 94;

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
    try {
      await status();
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== NOT_YET_INITIALIZED) throw error;
      const members = specs.map((spec) => ({ ...spec, host: set.member(spec.name).host }));
      await admin.command({ replSetInitiate: replicaConfig(set.name, members, settings) });
    }
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
