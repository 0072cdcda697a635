import { beforeAll, beforeEach, expect, test } from 'vitest';
import { hashOf, RequestId } from '#core';
import { receiptCard } from '#flows';
import { lossBooks, planMerge, readReceipt, SignedReceipt } from '#loss';
import type { AcknowledgedWrite, OpTime } from '#ports';
import { listKept, openVault } from '#vault';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { wordsOf } from '../support/words-of.ts';
import { log, lossGround, mergeDying, mortalWorld, newestOf, quietly, RUN, returnedMember } from './loss-ground.ts';

let database: string;
const told: AcknowledgedWrite[] = [];
const MEMBERS = ['east-1:27017', 'east-2:27017'];
let held: ReturnType<typeof memoryVault>;
let ground: ReturnType<typeof lossGround>;
let uri: string;
let forkedAt: OpTime;

beforeAll(async () => {
  uri = await sharedMongoUri();
});
beforeEach(async () => {
  held = memoryVault();
  database = ownName('loss');
  told.length = 0;
  ground = lossGround({ uri, database, vault: held.vault, told, members: MEMBERS });
  await ground.logs.insertMany([log('kept-1'), log('kept-2'), log('taken')], { writeConcern: { w: 'majority' } });
  forkedAt = await newestOf(ground.world);
  for (const id of ['kept-1', 'kept-2', 'lost-1', 'lost-2', '2026', 'lost-4']) ground.tell(id);
  return () => ground.close();
});

const card = async (): Promise<string> =>
  wordsOf(await receiptCard(RUN, { via: 'slack', as: 'card' }, { loss: ground.world }));
const receiptsIn = () => ground.world.store.records('loss-receipts', SignedReceipt);

test('what users were told and is not there is listed by id; counted again it says the same', async () => {
  const counted = await ground.count(forkedAt);
  expect(counted).toMatchObject({ acknowledged: 6, missing: 4, putBack: 7, complete: false });
  expect(await ground.count(forkedAt)).toEqual(counted);
  const found = await readReceipt(ground.world, RUN);
  expect(found).toMatchObject({
    standing: 'genuine',
    receipt: { revision: 1, byCollection: { [`${database}.driver_logs`]: 4 } },
  });
  expect(found?.receipt.missing.map(({ id }) => id).sort()).toEqual(['"2026"', 'lost-1', 'lost-2', 'lost-4']);
  const words = await card();
  expect(words).toContain('LOST - 4 writes (R-43).');
  expect(words).toContain('Not complete: east-1:27017, east-2:27017 were not read yet, more may turn up.');
  const csv = wordsOf(await receiptCard(RUN, { via: 'terminal', as: 'csv' }, { loss: ground.world }));
  expect(csv).toContain(`${database}.driver_logs,lost-1,insert,`);
  await expect(receiptCard(RUN, { via: 'slack', as: 'csv' }, { loss: ground.world })).rejects.toThrow(
    'for the terminal',
  );
});

test('a write that was sent again stays listed, as one that is back, and the receipt says why', async () => {
  await ground.count(forkedAt);
  await ground.logs.insertOne(log('lost-2'), { writeConcern: { w: 'majority' } });
  expect(await ground.count(forkedAt)).toMatchObject({ missing: 4 });
  const receipt = (await readReceipt(ground.world, RUN))?.receipt;
  expect(receipt).toMatchObject({
    revision: 2,
    count: 4,
    back: 1,
    notes: ['1 of them were sent again by those who wrote them.'],
  });
  expect(await card()).toContain('LOST - 3 writes (R-43).');
});

test('a receipt that was changed by hand, or exchanged for an older one, is told', async () => {
  await ground.count(forkedAt);
  const records = receiptsIn();
  const seen = await records.get(RUN);
  if (!seen) throw new Error('there is a receipt');
  await records.replace(seen, { ...seen.value, count: 0, missing: [], byCollection: {} });
  expect(await card()).toContain('CAREFUL This receipt was changed after it was signed.');
  await expect(planMerge(ground.world, RUN, { takeLost: false })).rejects.toThrow('not the newest that was signed');
  await expect(
    lossBooks(ground.world).addDivergent(RUN, MEMBERS[0] ?? '', returnedMember('a.b', forkedAt, []), quietly),
  ).rejects.toThrow('not the one that was signed');

  // counted again it is what the vault has; then the first one comes back
  ground.tell('lost-5');
  await ground.count(forkedAt);
  expect(await card()).toContain('LOST - 5 writes');
  const now = await records.get(RUN);
  if (now) await records.replace(now, seen.value);
  expect(await card()).toContain('CAREFUL The vault has a newer receipt than this one');
});

test('a crash between any two steps of a count leaves a receipt that the next one finishes', async () => {
  let deaths = 0;
  for (let until = 1; until < 40; until += 1) {
    try {
      await ground.count(forkedAt, mortalWorld(ground.world, until, until % 2 === 0 ? 'before' : 'after'));
      break;
    } catch {
      deaths += 1;
    }
  }
  expect(deaths).toBeGreaterThan(5);
  const found = await readReceipt(ground.world, RUN);
  expect(found).toMatchObject({ standing: 'genuine', receipt: { count: 4, revision: 1 } });
  expect(ground.notes.get('R-43/loss/1')).toMatchObject({ hash: hashOf(found?.receipt) });
});

test('returned members make it complete, what only they had is kept and listed, and the control store may be lost', async () => {
  await ground.count(forkedAt);
  const namespace = `${database}.driver_logs`;
  const [east1 = '', east2 = ''] = MEMBERS;
  const member = returnedMember(namespace, forkedAt, [log('lost-1'), log('lost-2'), log('unheard'), log('kept-1')]);
  const add = (host: string, world = ground.world) => lossBooks(world).addDivergent(RUN, host, member, quietly);
  for (let until = 1; until < 40; until += 1) {
    const isOver = await add(east1, mortalWorld(ground.world, until, 'after')).then(
      () => true,
      () => false,
    );
    if (isOver) break;
  }
  expect(await add(east1)).toMatchObject({ missing: 5, complete: false });
  expect(await add(east2)).toMatchObject({ missing: 5, complete: true });
  expect(await listKept(held.vault, 'divergent/R-43/')).toHaveLength(4);
  const receipt = (await readReceipt(ground.world, RUN))?.receipt;
  expect(receipt?.missing.find(({ id }) => id === 'unheard')).toMatchObject({ known: 'member', what: 'insert' });
  expect(receipt?.missing.find(({ id }) => id === 'lost-1')).toMatchObject({ known: 'driver' });

  const seen = await receiptsIn().get(RUN);
  if (seen) await receiptsIn().remove(seen);
  expect(await readReceipt(ground.world, RUN)).toEqual({ standing: 'genuine', receipt });
});

test('a merge inserts what has no place, leaves conflicts and what was removed since, and survives a crash anywhere', async () => {
  const namespace = `${database}.driver_logs`;
  for (const id of ['taken', 'removed']) ground.tell(id);
  await ground.count(forkedAt);
  const lost = [log('lost-1'), log('lost-2'), log('2026'), log('taken', 'as the old side has it'), log('removed')];
  const member = returnedMember(namespace, forkedAt, lost);
  await lossBooks(ground.world).addDivergent(RUN, MEMBERS[0] ?? '', member, quietly);
  await ground.logs.insertOne(log('removed', 'x'), { writeConcern: { w: 'majority' } });
  await ground.logs.deleteOne({ _id: 'removed' }, { writeConcern: { w: 'majority' } });

  const plan = await planMerge(ground.world, RUN, { takeLost: false });
  const fates = Object.fromEntries(plan.writes.map(({ write, fate }) => [write.id, fate]));
  expect(fates).toEqual({
    ...{ 'lost-1': 'insert', 'lost-2': 'insert', '"2026"': 'insert', 'lost-4': 'unknown' },
    ...{ taken: 'conflict', removed: 'gone' },
  });
  const input = { receipt: RUN, takeLost: false, hash: plan.hash };
  expect(await mergeDying(ground.world, RequestId.parse('R-44'), input)).toBeGreaterThan(5);
  const ids = async () =>
    (await ground.logs.find({}, { sort: { _id: 1 } }).toArray()).map(({ _id, note }) => `${_id}: ${note}`);
  const all = ['2026', 'kept-1', 'kept-2', 'lost-1', 'lost-2', 'taken'].map((id) => `${id}: content of ${id}`);
  expect(await ids()).toEqual(all);
  const merged = (await readReceipt(ground.world, RUN))?.receipt;
  expect(
    merged?.missing
      .filter(({ back }) => back?.by === 'R-44')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['"2026"', 'lost-1', 'lost-2']);

  const taking = await planMerge(ground.world, RUN, { takeLost: true });
  await mergeDying(ground.world, RequestId.parse('R-45'), { receipt: RUN, takeLost: true, hash: taking.hash });
  expect(await ids()).toEqual(all.with(5, 'taken: as the old side has it'));
  // what was approved is not what there is now
  const stale = mergeDying(ground.world, RequestId.parse('R-46'), { receipt: RUN, takeLost: true, hash: taking.hash });
  await expect(stale).rejects.toThrow('not what was approved');
});

test('with us-east-1 gone the receipt is kept in what is left, and read from there', async () => {
  const [east, ...others] = held.stores;
  const lost = { ...held.vault, keys: held.keys.slice(1), stores: held.vault.stores };
  east?.failWith(undefined);
  const dead = openVault({
    ...lost,
    stores: [{ ...held.vault.stores[0], put: never, get: never, head: never }, ...others],
  });
  const world = { ...ground.world, vault: dead };
  expect(await ground.count(forkedAt, world)).toMatchObject({ missing: 4 });
  expect(east?.keys().filter((key) => key.startsWith('receipts/'))).toEqual([]);
  expect(await readReceipt(world, RUN)).toMatchObject({ standing: 'genuine' });
}, 15_000);

/** A region that is cut off: no answer, no refusal. */
const never = (): Promise<never> => new Promise(() => undefined);
