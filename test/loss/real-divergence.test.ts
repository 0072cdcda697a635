import { dirname } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMemberOplog, openTailTarget } from '#adapters/mongodb';
import { RequestId } from '#core';
import { lossBooks, planMerge, readReceipt } from '#loss';
import type { AcknowledgedWrite } from '#ports';
import { leftInVault, type TailWorld, vaultTail } from '#restore';
import { type ReplicaSet, startMongod, startReplicaSet, until } from '#sandbox/servers';
import { captureBench } from '../capture/capture-bench.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { log, lossGround, mergeDying, quietly, RUN } from './loss-ground.ts';

const EAST = ['east-1', 'east-2'] as const;
const { vault } = memoryVault();
let set: ReplicaSet;

beforeAll(async () => {
  set = await startReplicaSet({
    name: 'eld',
    members: [
      { name: 'east-1', region: 'us-east-1', priority: 2 },
      { name: 'east-2', region: 'us-east-1', priority: 1 },
      { name: 'west-1', region: 'us-west-2', priority: 1 },
    ],
  });
}, 60_000);
afterAll(() => set.stop());

test('a survivor that was cut off gets back what was captured; the rest is counted, read from a returned member, and merged', async () => {
  const uri = set.uri('root');
  const told: AcknowledgedWrite[] = [];
  const west = set.member('west-1');
  const ground = lossGround({
    ...{ uri, database: 'eld', vault, told },
    members: EAST.map((name) => set.member(name).host),
    leftInVault: (run, survivor) => leftInVault(tailWorld, run, survivor),
  });
  const tailWorld: TailWorld = {
    vault,
    store: ground.world.store,
    databases: ground.world.databases,
    lock: ground.world.lock,
    openTarget: () => openTailTarget({ uri }),
    openMember: async (host) => (host ? openMemberOplog({ uri, host }) : ground.world.openPrimary()),
  };
  const tail = vaultTail(tailWorld);
  const write = async (from: number, count: number): Promise<void> => {
    const ids = Array.from({ length: count }, (_, n) => `log-${from + n}`);
    await ground.logs.insertMany(
      ids.map((id) => log(id)),
      { writeConcern: { w: 'majority' } },
    );
    for (const id of ids) ground.tell(id);
  };

  await write(0, 20);
  const bench = captureBench(uri, 'eld', vault);
  bench.start();
  await bench.caughtUp();
  // not frozen: what was on its way would be in its buffers, and it would have it after all
  west.kill('SIGKILL');
  await west.ended();
  await write(100, 60);
  await ground.client.db('eld').collection('trips').createIndex({ driver: 1 }, { unique: true });
  await ground.logs.updateMany({ _id: { $lt: 'log-11' } }, { $set: { n: 1 } });
  await bench.caughtUp();
  await bench.stop();
  await write(200, 15);
  for (const name of EAST) set.member(name).kill('SIGKILL');
  await Promise.all(EAST.map((name) => set.member(name).ended()));
  await west.restart();

  const survivor = await openMemberOplog({ uri, host: west.host }).then(async (member) => {
    const newest = await member.newest();
    await member.close();
    return newest;
  });
  const looked = await tail.look(survivor, west.host);
  expect(looked).toMatchObject({ refused: undefined });
  expect(looked.entries).toBeGreaterThan(70);
  await tail.save(RUN, west.host);
  await forceTo(set, 'west-1');
  expect(await tail.recover(RUN, survivor, quietly)).toMatchObject({ applied: looked.entries, leftOut: 0 });
  expect(await ground.logs.countDocuments({ _id: /^log-1\d\d$/ })).toBe(60);
  expect((await ground.client.db('eld').collection('trips').indexes()).map(({ name }) => name)).toContain('driver_1');
  await ground.client.db('admin').command({ setUserWriteBlockMode: 1, global: false });

  expect(await ground.count(survivor)).toMatchObject({ acknowledged: 95, missing: 15, complete: false });

  // both come back, one by one, each alone
  for (const name of EAST) {
    const { dbPath, host } = set.member(name);
    const alone = await startMongod({ dbPath: dirname(dbPath) });
    const member = await openMemberOplog({ uri: alone.uri });
    await lossBooks(ground.world).addDivergent(RUN, host, member, quietly);
    await member.close();
    await alone.stop();
  }
  const receipt = (await readReceipt(ground.world, RUN))?.receipt;
  expect(receipt).toMatchObject({ complete: true, count: 15 });
  expect(receipt?.missing.every(({ known, id }) => known === 'driver' && id.startsWith('log-2'))).toBe(true);

  const plan = await planMerge(ground.world, RUN, { takeLost: false });
  await mergeDying(ground.world, RequestId.parse('R-44'), { receipt: RUN, takeLost: false, hash: plan.hash });
  expect(await ground.count(survivor)).toMatchObject({ missing: 15 });
  const after = (await readReceipt(ground.world, RUN))?.receipt;
  expect(after).toMatchObject({ count: 15, back: 15 });
  expect(after?.missing.every(({ back }) => back?.by === 'R-44')).toBe(true);
  await ground.close();
}, 60_000);

/** What a failover that nobody planned does to the set: the survivor alone votes, and users' writes are blocked. */
async function forceTo({ memberUri, member }: ReplicaSet, name: string): Promise<void> {
  const client = new MongoClient(memberUri(name, 'root'));
  const admin = client.db('admin');
  const { config } = await admin.command({ replSetGetConfig: 1 });
  for (const each of config.members) {
    if (each.host !== member(name).host) Object.assign(each, { votes: 0, priority: 0 });
  }
  config.settings.catchUpTimeoutMillis = 0;
  await admin.command({ replSetReconfig: { ...config, version: config.version + 1 }, force: true });
  await until(`${name} is primary`, async () => {
    await admin.command({ replSetStepUp: 1 }).catch(() => undefined);
    return (await admin.command({ hello: 1 }))['isWritablePrimary'] || undefined;
  });
  await admin.command({ setUserWriteBlockMode: 1, global: true });
  await client.close();
}
