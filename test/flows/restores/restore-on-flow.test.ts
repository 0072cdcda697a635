import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeSet, openOtherCluster } from '#adapters/mongodb';
import { previewHash } from '#chatops';
import { DrError } from '#core';
import { changeRecord, type OtherCluster, type SetDescription } from '#ports';
import { RestoreOnInput, restoreOnWorkflow } from '#restore';
import { type ReplicaSet, startReplicaSet } from '#sandbox/servers';
import { verifyBackup } from '#vault';
import { createRun } from '#workflow';
import { never, openEngine } from '../../support/engine.ts';
import { memoryVault } from '../../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';
import { restoreFlow } from './restore-flow.ts';

const database = ownName('sent');
const { vault } = memoryVault();
let set: ReplicaSet;
let root: MongoClient;
let live: string;
let engine: Awaited<ReturnType<typeof openEngine>>;
let cluster: OtherCluster;
let bench: ReturnType<typeof restoreFlow>;
/** What is told of the cluster instead of the truth, for what a test can't make true. */
let told: Partial<SetDescription> = {};
let free: number | undefined;

beforeAll(async () => {
  live = await sharedMongoUri();
  [set, engine] = await Promise.all([
    startReplicaSet({ name: 'sent', members: [{ name: 'one', region: 'us-west-2', priority: 1 }] }),
    openEngine(live, database, vault),
  ]);
  root = new MongoClient(set.uri('root'));
  const opened = await openOtherCluster({ uri: set.uri('root'), who: 'dr-site' });
  cluster = {
    ...opened,
    describe: async () => ({ ...(await opened.describe()), ...told }),
    room: async (databases) =>
      free === undefined ? opened.room(databases) : [{ member: 'dr-1', freeBytes: free, totalBytes: 10e9 }],
  };
  await engine.db.collection('trips').insertMany(Array.from({ length: 40 }, (_, n) => ({ n })));
  await engine.db.collection('stops').insertMany(Array.from({ length: 5 }, (_, n) => ({ n })));
  await backUp();
}, 60_000);
beforeEach(() => {
  told = {};
  free = undefined;
  bench = restoreFlow(vault, engine.target, database, {
    clusters: [
      { name: 'dr-site', uriEnv: 'DR_SITE_MONGODB_URI', databases: [database, 'copy_*'] },
      { name: 'home', uriEnv: 'HOME_MONGODB_URI', databases: [database] },
      { name: 'silent', uriEnv: 'SILENT_MONGODB_URI', databases: [database] },
      { name: 'unset', uriEnv: 'UNSET_MONGODB_URI', databases: [database] },
    ],
    describeLive: () => describeSet({ uri: live, who: 'live' }),
    openCluster: async (name) => {
      if (name === 'home') return openOtherCluster({ uri: live, who: name });
      if (name === 'silent') return openOtherCluster({ uri: 'mongodb://127.0.0.1:9/?connectTimeoutMS=200', who: name });
      if (name === 'unset') throw new DrError('CONFIG_INVALID', 'user', 'UNSET_MONGODB_URI is missing.');
      return { ...cluster, close: async () => undefined };
    },
  });
});
afterEach(async () => {
  await root.db(database).dropDatabase();
  await root.db('copy_1').dropDatabase();
});
afterAll(async () => {
  await Promise.all([engine.close(), cluster.close(), root.close()]);
  await set.stop();
});

async function backUp(): Promise<string> {
  const { header } = await engine.backUp();
  await verifyBackup(vault, header.backup, never());
  return header.backup;
}

const namesThere = async (name = database): Promise<string[]> =>
  (await root.db(name).listCollections({}, { nameOnly: true }).toArray()).map((each) => each.name).sort();
const answer = async (line: string, person = 'mike-johnson'): Promise<string> => (await bench.ask(person, line)).words;

test('it is shown where it goes, what it is and what that means, and waits for the Security Lead', async () => {
  const words = await answer('restore latest --on dr-site --dry-run');
  const host = set.member('one').host;
  expect(words).toContain('Goes to dr-site: replica set "sent", 1 member, primary ');
  expect(words).toContain(host);
  expect(words).toContain('MongoDB 6.0.5');
  expect(words).toContain('About 45 documents');
  expect(words).toMatch(/Room: yes, \d+ GB free\./);
  expect(words).toContain('It leaves the protected cluster');
  expect(words).toContain('Security Lead');
  const { id } = await bench.ask('mike-johnson', 'restore latest --on dr-site');
  const approvedOf = (await bench.request(id))?.preview?.preview.facts['backup'];
  // "latest" would be another by the time it starts
  expect(await backUp()).not.toBe(approvedOf);
  for (const person of ['mike-johnson', 'john-smith', 'alex-chen'])
    await bench.approve(id, person).catch(() => undefined);
  await bench.work();
  expect(await bench.run(id)).toBeUndefined();
  await bench.approve(id, 'lisa-brown');
  await bench.work();
  const run = await bench.run(id);
  expect([run?.state, run?.failure?.message]).toEqual(['done', undefined]);
  expect(RestoreOnInput.parse(run?.input).backupId).toBe(approvedOf);
  expect(await namesThere()).toEqual(['stops', 'trips']);
  expect(await root.db(database).collection('trips').countDocuments()).toBe(40);
  expect(await bench.followUp(id)).toBeUndefined();
});

test('new names there are those of --as, and never make it the job that stays at home', async () => {
  const { id } = await bench.ask('mike-johnson', 'restore latest --on dr-site --as copy_1');
  expect(await answer('restore latest --on dr-site --as copy_1 --dry-run')).toContain(
    `New name: ${database}.* -> copy_1.*`,
  );
  expect((await bench.request(id))?.preview?.preview.job).toBe('restore-on');
  await bench.approve(id, 'lisa-brown');
  await bench.work();
  expect((await bench.run(id))?.state).toBe('done');
  expect(await namesThere('copy_1')).toEqual(['stops', 'trips']);
});

test('what can not be is answered with why, before it has anybody to approve it', async () => {
  expect(await answer('restore latest --on dr-siet')).toContain('names no cluster "dr-siet". Did you mean dr-site?');
  expect(await answer('restore latest --on mongodb://x:y@z/')).toContain('names no cluster');
  expect(await answer('restore latest --on unset')).toContain('UNSET_MONGODB_URI is missing.');
  expect(await answer('restore latest --on silent')).toContain('silent does not answer');
  // by its own address: the server itself says that it is the same
  expect(await answer('restore latest --on home')).toContain('home is the protected replica set itself');
  expect(await answer('restore latest --on dr-site --as elsewhere')).toContain(
    'does not let a restore write to elsewhere on dr-site',
  );
  expect(await answer('restore latest --on dr-site --as trips=admin.trips')).toContain('of the servers themselves');
  expect(await answer('restore latest --on dr-site --only tripz')).toContain(`Did you mean ${database}.trips?`);
  expect(await answer('restore latest --on dr-site', 'rachel-green')).toContain('may be asked by');
  await root.db(database).collection('stops').insertOne({ mine: true });
  expect(await answer('restore latest --on dr-site')).toContain(`dr-site has a ${database}.stops already`);
  expect(await answer('restore latest --on dr-site --only trips --dry-run')).toContain('Goes to dr-site');
  free = 0.4e9;
  expect(await answer('restore latest --on dr-site --only trips')).toContain(
    'dr-site has no room: dr-1 has 400 MB free',
  );
});

test('an older server, one that stores as an older one, or one whose writes are blocked takes nothing', async () => {
  for (const [what, words] of [
    [{ version: '5.0.31', featureVersion: '5.0' }, 'runs MongoDB 5.0.31'],
    [{ featureVersion: '5.0' }, 'stores data as of MongoDB 5.0'],
    [{ blocked: true }, 'Somebody blocked writes on dr-site'],
  ] as const) {
    told = what;
    expect(await answer('restore latest --on dr-site')).toContain(words);
  }
});

test('another set behind the name by the time it was approved voids it', async () => {
  const { id } = await bench.ask('mike-johnson', 'restore latest --on dr-site');
  await bench.approve(id, 'lisa-brown');
  told = { setId: 'e'.repeat(24) };
  await bench.work();
  const run = await bench.run(id);
  expect([run?.state, run?.failure?.code]).toEqual(['refused', 'PREVIEW_VOID']);
  expect(await namesThere()).toEqual([]);
});

test('written by hand under a weaker policy, or as a harmless restore, it does not run', async () => {
  const meant = await bench.ask('mike-johnson', 'restore latest --on dr-site --as copy_1');
  const preview = (await bench.request(meant.id))?.preview?.preview;
  if (!preview) throw new Error('there is no preview');
  const forge = async (args: object, job: string): Promise<void> => {
    const forged = await bench.ask('mike-johnson', 'restore latest --only tripz');
    const altered = { ...preview, job };
    await changeRecord(bench.flow.requests, forged.id, (current) => ({
      ...current,
      args,
      state: 'approved' as const,
      preview: { preview: altered, hash: previewHash(altered), planHash: bench.flow.planHash, madeAt: new Date() },
    }));
    await createRun(bench.flow.journal, {
      id: forged.id,
      workflow: restoreOnWorkflow,
      input: RestoreOnInput.parse(preview.payload),
      at: new Date(),
    });
    await bench.work();
    const run = await bench.run(forged.id);
    expect([run?.state, run?.failure?.code], JSON.stringify([args, job])).toEqual(['refused', 'APPROVAL_INVALID']);
  };
  const on = { backup: 'latest', on: 'dr-site', as: 'copy_1' };
  for (const args of [{ backup: 'latest' }, { backup: 'latest', as: 'copy_1' }, on]) {
    for (const job of ['restore-on', 'restore-as', 'restore']) await forge(args, job);
  }
  expect(await namesThere('copy_1')).toEqual([]);
});

test('approved by those who approve a swap, it is not approved', async () => {
  const { id } = await bench.ask('mike-johnson', 'restore latest --on dr-site');
  for (const person of ['john-smith', 'alex-chen']) {
    await bench.approve(id, person).catch(() => undefined);
  }
  await changeRecord(bench.flow.requests, id, (current) => ({ ...current, state: 'approved' as const }));
  const input = (await bench.request(id))?.preview?.preview.payload;
  await createRun(bench.flow.journal, {
    id,
    workflow: restoreOnWorkflow,
    input: RestoreOnInput.parse(input),
    at: new Date(),
  });
  await bench.work();
  expect((await bench.run(id))?.failure?.message).toContain('approvals are missing');
  expect(await namesThere()).toEqual([]);
});
