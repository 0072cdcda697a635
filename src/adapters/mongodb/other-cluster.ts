import { MongoClient, type MongoClientOptions } from 'mongodb';
import { z } from 'zod';
import { DrError } from '#core';
import type { OtherCluster, SetDescription } from '#ports';
import { engineError } from './engine-errors.ts';
import { memberUri } from './one-member.ts';
import { openRestoreTarget } from './restore-target.ts';
import { askServerKind } from './server-kind.ts';

const CONNECTION: MongoClientOptions = {
  appName: 'holdfast-restore',
  connectTimeoutMS: 2_000,
  serverSelectionTimeoutMS: 4_000,
  socketTimeoutMS: 5_000,
  maxPoolSize: 2,
};

const Hello = z.object({
  setName: z.string().optional(),
  me: z.string().optional(),
  hosts: z.array(z.string()).default([]),
  passives: z.array(z.string()).default([]),
  /** `isdbgrid` where it is no server but a router in front of shards. */
  msg: z.string().optional(),
  topologyVersion: z.object({ processId: z.custom<{ toHexString(): string }>() }).optional(),
});

const WRITE_BLOCK_ON = 2;
const Status = z.object({ repl: z.object({ userWriteBlockMode: z.coerce.number().default(1) }).optional() });

/** `who`: how people know the cluster, for errors. */
export interface OtherClusterOptions {
  readonly uri: string;
  readonly who: string;
  readonly writtenWithinMs?: number;
}

/** Opens a replica set that a restore may go to. Asks nothing yet. Throws CONFIG_INVALID (permanent). */
export async function openOtherCluster(options: OtherClusterOptions): Promise<OtherCluster> {
  const target = await openRestoreTarget(options).catch((cause: unknown) => {
    throw new DrError('CONFIG_INVALID', 'permanent', `The address of ${options.who} leads to no replica set.`, {
      cause,
      hint: 'It looks like mongodb://user:password@host1,host2/?replicaSet=name&tls=true',
    });
  });
  return {
    ...target,
    // where none of them exists yet: this database always does
    room: (databases) => target.room([...databases, 'local']),
    describe: () => describeSet(options),
  };
}

/** Asks a replica set what it is. Throws DATABASE_UNAVAILABLE (transient), DATABASE_REFUSED (permanent). */
export async function describeSet({ uri, who }: Pick<OtherClusterOptions, 'uri' | 'who'>): Promise<SetDescription> {
  const client = new MongoClient(uri, CONNECTION);
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    const { setName, me, hosts, passives, msg } = Hello.parse(hello);
    if (msg === 'isdbgrid') throw router(who);
    const kind = await askServerKind(client);
    const status = Status.parse(await client.db('admin').command({ serverStatus: 1, ...LEFT_OUT }));
    const members = [...hosts, ...passives];
    const others = members.filter((host) => host !== me);
    const processes = await Promise.all(others.map((host) => processAt(uri, host)));
    return {
      ...kind,
      set: setName,
      primary: me ?? client.options.hosts[0]?.toString() ?? '',
      hosts: members,
      processes: [processIn(hello), ...processes].filter((id) => id !== undefined),
      // The mode is counted from 1 (off), so a plain truth test would see a block that is not there.
      blocked: status.repl?.userWriteBlockMode === WRITE_BLOCK_ON,
    };
  } catch (thrown) {
    if (thrown instanceof DrError) throw thrown;
    throw engineError(thrown, who, 'say what it is');
  } finally {
    await client.close();
  }
}

/** Sections that cost time and are not looked at. */
const LEFT_OUT = Object.fromEntries(
  ['wiredTiger', 'metrics', 'locks', 'tcmalloc', 'transactions', 'opLatencies', 'security', 'network'].map((name) => [
    name,
    0,
  ]),
);

const processIn = (hello: unknown): string | undefined => Hello.parse(hello).topologyVersion?.processId.toHexString();

/** A member that does not answer is passed over: it takes no writes either. */
async function processAt(uri: string, host: string): Promise<string | undefined> {
  const client = new MongoClient(memberUri(uri, host), { ...CONNECTION, serverSelectionTimeoutMS: 2_000 });
  try {
    return processIn(await client.db('admin').command({ hello: 1 }));
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}

const router = (who: string): DrError =>
  new DrError('TARGET_UNFIT', 'user', `${who} is a router of a sharded cluster, and a restore goes to a replica set.`, {
    hint: 'Name a replica set of its own in plan.yaml (mongodb.restore.clusters).',
  });
