import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Redis } from 'ioredis';
import { Long, MongoClient, type MongoServerError } from 'mongodb';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCanary, openOplogRoom } from '#adapters/mongodb';
import { compareOplogTimes } from '#ports';
import {
  accepts,
  createAwsWorld,
  createControlUser,
  createUsers,
  dataDir,
  freePort,
  type ReplicaSet,
  s3For,
  startGateway,
  startMongod,
  startMoto,
  startRedis,
  startReplicaSet,
  until,
} from '#sandbox/servers';
import { ownName, sharedAwsEndpoint } from '../support/servers.ts';

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: MongoServerError) => error.codeName ?? error.message,
  );

describe('a replica set', () => {
  let set: ReplicaSet;
  const clients: MongoClient[] = [];
  const as = (user: string) => {
    const client = new MongoClient(set.uri(user));
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    set = await startReplicaSet({
      name: 'eld',
      settings: { electionTimeoutMillis: 2000 },
      members: [
        { name: 'east-1', region: 'us-east-1', priority: 10 },
        { name: 'east-2', region: 'us-east-1', priority: 9 },
        { name: 'west-1', region: 'us-west-2', priority: 1 },
      ],
    });
    await createUsers({ rootUri: set.uri('root'), keyText: set.key.text, databases: ['eld'] });
    await createControlUser({ rootUri: set.uri('root'), keyText: set.key.text, database: 'control' });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await set?.stop();
  });

  it('starts with the preferred member as primary and regions as tags', async () => {
    const config = await as('root').db('admin').command({ replSetGetConfig: 1 });
    expect(config['config'].members.map((member: { tags: { region: string } }) => member.tags.region)).toEqual([
      'us-east-1',
      'us-east-1',
      'us-west-2',
    ]);
    expect(config['config'].settings.heartbeatIntervalMillis).toBe(500);
    const hello = await as('root').db('admin').command({ hello: 1 });
    expect(hello['primary']).toBe(set.member('east-1').host);
  });

  it('refuses who has not logged in', async () => {
    const nobody = new MongoClient(set.member('east-1').uri);
    clients.push(nobody);
    expect(await refusal(nobody.db('eld').collection('logs').findOne())).toBe('Unauthorized');
  });

  it('lets the application write its own database and no other', async () => {
    const eld = as('eld');
    await eld.db('eld').collection('logs').insertOne({ driver: 1 });
    expect(await refusal(eld.db('control').collection('runs').insertOne({}))).toBe('Unauthorized');
  });

  it('lets the snapshot reader find by UUID and write nothing', async () => {
    const reader = as('holdfast-snapshot').db('eld');
    const [logs] = await reader.listCollections({ name: 'logs' }).toArray();
    const uuid = logs !== undefined && 'info' in logs ? logs.info?.uuid : undefined;
    expect((await reader.command({ find: uuid })).cursor.firstBatch).toHaveLength(1);
    expect(await refusal(reader.collection('logs').insertOne({}))).toBe('Unauthorized');
  });

  it('lets the tailer read the oplog and nothing else', async () => {
    const tailer = as('holdfast-tailer');
    expect(await tailer.db('local').collection('oplog.rs').findOne()).not.toBeNull();
    expect(await refusal(tailer.db('eld').collection('logs').findOne())).toBe('Unauthorized');
  });

  it('lets the canary write its one document, and nothing else anywhere', async () => {
    const canary = openCanary({ uri: set.uri('holdfast-canary'), database: 'holdfast_canary' });
    try {
      const first = await canary.write(1);
      expect(compareOplogTimes(await canary.write(2), first)).toBeGreaterThan(0);
    } finally {
      await canary.close();
    }
    const client = as('holdfast-canary');
    expect(await refusal(client.db('holdfast_canary').collection('canary').findOne())).toBe('Unauthorized');
    expect(await refusal(client.db('holdfast_canary').collection('other').insertOne({}))).toBe('Unauthorized');
    expect(await refusal(client.db('eld').collection('logs').insertOne({}))).toBe('Unauthorized');
    const elsewhere = openCanary({ uri: set.uri('holdfast-canary'), database: 'eld' });
    await expect(elsewhere.write(1)).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
    await elsewhere.close();
  });

  it('tells of each member how far its oplog reaches back and how large it may grow', async () => {
    const rooms = await openOplogRoom({ uri: set.uri('holdfast-tailer') }).look();
    expect(rooms.map(({ member }) => member).sort()).toEqual(set.members.map(({ host }) => host).sort());
    for (const { first, last, bytes, maxBytes } of rooms) {
      expect(compareOplogTimes(first, last)).toBeLessThan(0);
      expect(bytes).toBeGreaterThan(0);
      expect(maxBytes).toBeGreaterThanOrEqual(990 * 2 ** 20);
    }
  });

  it('stops the application under a write block while the restore writer goes on', async () => {
    const operator = as('holdfast-operator').db('admin');
    await operator.command({ setUserWriteBlockMode: 1, global: true });
    try {
      expect(await refusal(as('eld').db('eld').collection('logs').insertOne({}))).toBe('User writes blocked');
      const restore = as('holdfast-restore').db('eld');
      await restore.collection('__hf_1_logs').insertOne({ driver: 2 });
      await restore.collection('__hf_1_logs').createIndex({ driver: 1 });
      await restore.renameCollection('__hf_1_logs', '__hf_old_logs');
      const ops = [{ op: 'i', ns: 'eld.__hf_old_logs', o: { _id: 7, n: Long.fromNumber(1) } }];
      expect((await restore.admin().command({ applyOps: ops }))['ok']).toBe(1);
      await restore.dropCollection('__hf_old_logs');
    } finally {
      await operator.command({ setUserWriteBlockMode: 1, global: false });
    }
  });

  it('survives the power loss of its primary, and takes it back', async () => {
    const east = set.member('east-1');
    east.kill('SIGKILL');
    await east.ended();
    const root = as('root').db('admin');
    await until('another primary', async () => (await root.command({ hello: 1 }))['primary'] !== east.host);
    await east.restart();
    await until('east-1 is healthy again', async () => {
      const status = await root.command({ replSetGetStatus: 1 });
      const states: string[] = status['members'].map((member: { stateStr: string }) => member.stateStr);
      return states.every((state) => state === 'PRIMARY' || state === 'SECONDARY');
    });
  });
});

it('a replica set with a folder goes on with its data, also when a port was taken meanwhile', async () => {
  const dir = dataDir(undefined, 'kept');
  const options = {
    name: 'kept',
    dir: join(dir.path, 'set'),
    members: [
      { name: 'east-1', region: 'us-east-1', priority: 2 },
      { name: 'west-1', region: 'us-west-2', priority: 1 },
      { name: 'eu-1', region: 'eu-west-1', priority: 1 },
    ],
  };
  const count = async (set: ReplicaSet) => {
    const client = new MongoClient(set.uri('root'));
    try {
      return await client.db('eld').collection('logs').countDocuments();
    } finally {
      await client.close();
    }
  };
  const first = await startReplicaSet(options);
  const client = new MongoClient(first.uri('root'));
  await client
    .db('eld')
    .collection('logs')
    .insertOne({ driver: 1 }, { writeConcern: { w: 'majority' } });
  await client.close();
  await first.stop();
  const second = await startReplicaSet(options);
  expect(second.members.map(({ port }) => port)).toEqual(first.members.map(({ port }) => port));
  expect(await count(second)).toBe(1);
  await second.stop();

  const squatter = createServer((socket) => socket.destroy()).listen(first.member('east-1').port, '127.0.0.1');
  await once(squatter, 'listening');
  const third = await startReplicaSet(options);
  expect(third.member('east-1').port).not.toBe(first.member('east-1').port);
  expect(await count(third)).toBe(1);
  await third.stop();
  squatter.close();
  dir.remove();
}, 60_000);

describe('single servers', () => {
  it('redis keeps its port over a kill and comes back empty', async () => {
    const redis = await startRedis();
    const client = new Redis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on('error', () => undefined);
    await client.set('a', '1');
    redis.kill('SIGKILL');
    await until('redis is down', async () => !redis.running());
    await redis.restart();
    expect(await client.get('a')).toBeNull();
    client.disconnect();
    await redis.stop();
    expect(await accepts(redis.port)).toBe(false);
  });

  it('mongod started twice on one port fails instead of greeting the first', async () => {
    const first = await startMongod();
    await expect(startMongod({ port: first.port })).rejects.toThrow(/ended at once/);
    await first.stop();
    expect(await accepts(first.port)).toBe(false);
  });

  it('a gateway that is cut refuses, one that is paused hangs, and both come back', async () => {
    const endpoint = await sharedAwsEndpoint();
    const gateway = await startGateway({ targetPort: Number(new URL(endpoint).port) });
    const world = await createAwsWorld({ endpoint: gateway.endpoint, prefix: ownName('gateway'), zone: 'eld.test' });
    const s3 = s3For('us-east-1', gateway.endpoint);
    const object = { Bucket: world.buckets['us-east-1'], Key: 'a' };
    await s3.send(new PutObjectCommand({ ...object, Body: 'text' }));
    await gateway.cut();
    expect(await accepts(gateway.port)).toBe(false);
    await gateway.restore();
    const got = await s3.send(new GetObjectCommand(object));
    expect(await got.Body?.transformToString()).toBe('text');
    await gateway.pause();
    const answer = fetch(`${gateway.endpoint}/`, { signal: AbortSignal.timeout(300) });
    await expect(answer).rejects.toThrow(/timeout/);
    await gateway.restore();
    expect((await fetch(`${gateway.endpoint}/moto-api/data.json`)).ok).toBe(true);
    s3.destroy();
    await gateway.stop();
    expect(await accepts(gateway.port)).toBe(false);
  });

  it('the S3 stand-in with a folder comes back with its object versions, locks, keys and zone', async () => {
    const dir = dataDir(undefined, 'aws');
    const options = { prefix: 'kept', zone: 'eld.test' };
    const first = await startMoto({ dir: dir.path });
    const world = await createAwsWorld({ endpoint: first.endpoint, ...options });
    const object = { Bucket: world.buckets['us-west-2'], Key: 'a' };
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date('2126-01-01') } as const;
    const before = s3For('us-west-2', first.endpoint);
    const { VersionId } = await before.send(new PutObjectCommand({ ...object, Body: 'text', ...lock }));
    before.destroy();
    await first.stop();
    const second = await startMoto({ dir: dir.path });
    const after = s3For('us-west-2', second.endpoint);
    const got = await after.send(new GetObjectCommand({ ...object, VersionId }));
    expect(await got.Body?.transformToString()).toBe('text');
    expect(got.ObjectLockMode).toBe('COMPLIANCE');
    await expect(after.send(new DeleteObjectCommand({ ...object, VersionId }))).rejects.toThrow(/Access Denied/);
    expect(await createAwsWorld({ endpoint: second.endpoint, ...options })).toEqual(world);
    after.destroy();
    await second.stop();
    dir.remove();
  }, 60_000);

  it('a free port is free', async () => {
    const port = await freePort();
    await new Promise((resolve) => createConnection(port, '127.0.0.1').once('error', resolve));
    expect(await accepts(port)).toBe(false);
  });
});

it('servers die with the process that started them, also when it is killed', async () => {
  const script = `
    const { startRedis } = await import('./sandbox/servers/index.ts');
    const redis = await startRedis();
    console.log(redis.port, redis.pid());
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => parent.stdout.once('data', (data) => resolve(String(data))));
  const port = Number(line.split(' ')[0]);
  expect(await accepts(port)).toBe(true);
  parent.kill('SIGKILL');
  await until('redis is gone', async () => !(await accepts(port)), { withinMs: 5000 });
});
