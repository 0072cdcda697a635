import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { previewHash } from '#chatops';
import { changeRecord } from '#ports';
import { RestoreAsInput, restoreAsWorkflow } from '#restore';
import { verifyBackup } from '#vault';
import { createRun } from '#workflow';
import { never, openEngine } from '../../support/engine.ts';
import { memoryVault } from '../../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';
import { restoreFlow } from './restore-flow.ts';

const database = ownName('asked');
const copy = `${database}-copy`;
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;
let bench: ReturnType<typeof restoreFlow>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
  await engine.db.collection('trips').insertMany(Array.from({ length: 40 }, (_, n) => ({ n })));
  await backUp();
});
beforeEach(() => {
  bench = restoreFlow(vault, engine.target, database);
});
afterAll(async () => {
  await engine.client.db(copy).dropDatabase();
  await engine.close();
});

async function backUp(): Promise<string> {
  const { header } = await engine.backUp();
  await verifyBackup(vault, header.backup, never());
  return header.backup;
}

const names = async (name: string): Promise<string[]> =>
  (await engine.client.db(name).listCollections({}, { nameOnly: true }).toArray()).map((each) => each.name).sort();

test('a restore beside starts at once; under new names it waits for the two people that a swap needs, and is then of the backup they approved', async () => {
  const beside = await bench.ask('mike-johnson', 'restore latest --only trips');
  expect((await bench.request(beside.id))?.state).toBe('approved');
  await bench.work();
  expect((await bench.run(beside.id))?.state).toBe('done');
  expect(await bench.followUp(beside.id)).toBe(`restore swap ${beside.id}`);

  const { id, words } = await bench.ask('mike-johnson', 'restore latest --as trips=trips_old');
  expect(words).toContain('waiting for 2 approvals');
  const approvedOf = (await bench.request(id))?.preview?.preview.facts['backup'];
  await bench.work();
  expect(await bench.run(id)).toBeUndefined();
  // one is taken meanwhile: "latest" would be another now
  expect(await backUp()).not.toBe(approvedOf);
  await bench.approve(id, 'john-smith');
  expect(await names(database)).not.toContain('trips_old');
  await bench.approve(id, 'alex-chen');
  await bench.work();
  const run = await bench.run(id);
  expect([run?.state, run?.failure]).toEqual(['done', undefined]);
  expect(RestoreAsInput.parse(run?.input).backupId).toBe(approvedOf);
  expect(await engine.db.collection('trips_old').countDocuments()).toBe(40);
  expect(await bench.followUp(id)).toBe('backup mongodb');
  await engine.db.collection('trips_old').drop();
}, 60_000);

test('a copy outside of what is backed up ends no captured history, so no backup follows', async () => {
  const { id } = await bench.ask('mike-johnson', `restore latest --as ${copy}`);
  await bench.approve(id, 'john-smith');
  await bench.approve(id, 'alex-chen');
  await bench.work();
  expect((await bench.run(id))?.state).toBe('done');
  expect(await names(copy)).toContain('trips');
  expect(await bench.followUp(id)).toBeUndefined();
}, 60_000);

test('when somebody takes the name while people decide, nothing starts', async () => {
  const { id } = await bench.ask('mike-johnson', 'restore latest --as trips=trips_two');
  await engine.db.collection('trips_two').insertOne({ mine: true });
  await bench.approve(id, 'john-smith');
  await bench.approve(id, 'alex-chen');
  await bench.work();
  const run = await bench.run(id);
  expect([run?.state, run?.failure?.code]).toEqual(['refused', 'TARGET_EXISTS']);
  expect(await engine.db.collection('trips_two').countDocuments()).toBe(1);
  await engine.db.collection('trips_two').drop();
});

test('who may not ask for a swap may not ask for it, and what can not be is answered with why', async () => {
  const answer = async (line: string, person = 'mike-johnson') => (await bench.ask(person, line)).words;
  expect(await answer('restore latest --as trips=x', 'lisa-brown')).toContain('may be asked by');
  expect(await answer('restore latest --as elsewhere')).toContain('does not let a restore write to elsewhere');
  expect(await answer('restore --to "before #900"')).toContain('The record has no entry #900');
  const typo = await bench.ask('mike-johnson', 'restore latest --only tripz');
  expect(typo.words).toContain(`Did you mean ${database}.trips?`);
  expect((await bench.request(typo.id))?.state).toBe('refused');
  expect(await answer(`restore --to "before ${typo.id}"`)).toContain('never ran, so it changed nothing');
});

test('written by hand as a harmless restore, it does not run without its approvals', async () => {
  // a real request for it, and a harmless one whose preview is turned into it by whoever has the store's password
  const meant = await bench.ask('mike-johnson', 'restore latest --as trips=trips_stolen');
  const preview = (await bench.request(meant.id))?.preview?.preview;
  if (!preview) throw new Error('there is no preview');
  for (const args of [{ backup: 'latest' }, { backup: 'latest', as: 'trips=trips_stolen' }]) {
    const forged = await bench.ask('mike-johnson', 'restore latest --only tripz');
    await changeRecord(bench.flow.requests, forged.id, (current) => ({
      ...current,
      args,
      state: 'approved' as const,
      preview: { preview, hash: previewHash(preview), planHash: bench.flow.planHash, madeAt: new Date() },
    }));
    await createRun(bench.flow.journal, {
      id: forged.id,
      workflow: restoreAsWorkflow,
      input: preview.payload,
      at: new Date(),
    });
    await bench.work();
    const run = await bench.run(forged.id);
    expect([run?.state, run?.failure?.code], JSON.stringify(args)).toEqual(['refused', 'APPROVAL_INVALID']);
  }
  expect(await names(database)).not.toContain('trips_stolen');
});
