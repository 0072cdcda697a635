import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Asked, Preview } from '#chatops';
import { asDrError, DrError } from '#core';
import { type HoldfastWorld, restoreAsPreview, restorePreview } from '#flows';
import type { DiskRoom } from '#ports';
import { plainText } from '#record';
import { RestoreAsInput, RestoreInput } from '#restore';
import { openVault, type Vault, verifyBackup } from '#vault';
import { during } from '../../support/during.ts';
import { never, openEngine } from '../../support/engine.ts';
import { memoryVault } from '../../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';
import { restoreFlow } from './restore-flow.ts';

const database = ownName('shown');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;
let backup: string;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
  const { db } = engine;
  for (const [name, count] of [
    ['driver_logs', 60],
    ['trips', 30],
    ['other', 10],
  ] as const) {
    await db.collection(name).insertMany(Array.from({ length: count }, (_, n) => ({ n })));
  }
  await db.createCollection('recent', { viewOn: 'driver_logs', pipeline: [] });
  backup = await verified();
});
afterAll(() => engine.close());

async function verified(): Promise<string> {
  // written to while it is read, or there would be nothing to read but documents
  const source = during(
    engine.source,
    async () => undefined,
    async () => {
      await engine.db.collection('other').updateOne({ n: 1 }, { $inc: { writes: 1 } });
    },
  );
  const { header } = await engine.backUp({ source });
  await verifyBackup(vault, header.backup, never());
  return header.backup;
}

const worldOn = (through: Vault = vault): HoldfastWorld => restoreFlow(through, engine.target, database).world;

const asked = (approved?: Preview['facts']): Asked => ({
  person: undefined,
  name: 'x',
  via: 'slack',
  at: new Date(),
  timeZone: 'UTC',
  intake: 'test',
  incident: undefined,
  request: undefined,
  approved,
});

const wordsOf = ({ sections }: Preview): string =>
  sections
    .flatMap(({ lines }) => lines)
    .map((line) => plainText(line, String, new Date()))
    .join('\n');

const refusal = async (made: Promise<Preview>): Promise<string> => {
  const { code, message, hint } = await made.then(() => new DrError('UNEXPECTED', 'bug', 'not refused'), asDrError);
  return `${code}: ${message} ${hint}`;
};

const beside = (only: string | undefined, world = worldOn()) =>
  restorePreview({ backup: 'latest', to: undefined, only }, new Date(), world);
const as = (names: string, only?: string, approved?: Preview['facts'], world = worldOn()) =>
  restoreAsPreview({ backup: 'latest', to: undefined, only, as: names }, asked(approved), world);

test('a choice is shown with how much it is, what was left out, and every collection in the details', async () => {
  const preview = await beside('driver_logs,trips');
  const words = wordsOf(preview);
  expect(words).toContain(`2 of 3 collections: ${database}.driver_logs, ${database}.trips. About 90 documents, `);
  expect(words).toContain(`Not chosen, though what they read is: view ${database}.recent.`);
  expect(RestoreInput.parse(preview.payload).namespaces).toEqual([`${database}.driver_logs`, `${database}.trips`]);
  expect(JSON.stringify(preview.details)).toContain(`${database}.trips: about 30 documents`);
  expect(wordsOf(await beside(`${database}.*`))).toContain(
    `3 of 3 collections: ${database}.driver_logs, ${database}.other`,
  );
  const all = await beside(undefined);
  expect(wordsOf(all)).toContain('All of it: 100 documents');
  expect(RestoreInput.parse(all.payload).namespaces).toBeUndefined();
});

test('every restore says whether there is room, and is never refused for it', async () => {
  const on = (room: () => Promise<DiskRoom[]>) => restoreFlow(vault, { ...engine.target, room }, database).world;
  const disk = (freeBytes: number) => async () => [{ member: 'eld-2', freeBytes, totalBytes: 10e9 }];
  expect(wordsOf(await beside(undefined, on(disk(4.1e9))))).toContain('Time not known yet. Room: yes, 4.1 GB free.');
  expect(wordsOf(await as('trips=trips_old', undefined, undefined, on(disk(4.1e9))))).toContain(
    'Room: yes, 4.1 GB free.',
  );
  expect(wordsOf(await beside('trips', on(disk(0.4e9))))).toContain(
    'Room: no, eld-2 has 400 MB free; 522 B are needed and 500 MB stay free. It waits for room for an hour.',
  );
  expect(
    wordsOf(
      await beside(
        undefined,
        on(async () => []),
      ),
    ),
  ).toContain('Room: not known, the servers do not say.');
  const silent = on(() => Promise.reject(new DrError('DATABASE_UNAVAILABLE', 'transient', 'x')));
  expect(wordsOf(await beside(undefined, silent))).toContain('Room: not known, the database does not answer.');
  // as the servers themselves say it
  expect(wordsOf(await beside(undefined))).toMatch(/Room: yes, [\d.]+ [GT]B free\./);
});

test('a choice that is not there is refused before anything has a number', async () => {
  expect(await refusal(beside('driver_lgos'))).toContain(`Did you mean ${database}.driver_logs?`);
  expect(await refusal(beside(','))).toContain('--only names nothing');
  expect(await refusal(beside('recent'))).toContain('is a view');
});

test('where segments may not be read the choice is left to the restore, and that is said', async () => {
  const stores = vault.stores.map((store) => ({
    ...store,
    get: async (...args: Parameters<typeof store.get>) => {
      if (args[0].startsWith('segments/')) throw new DrError('OBJECT_STORE_REFUSED', 'permanent', 'AccessDenied');
      return store.get(...args);
    },
  }));
  const blind = worldOn(openVault({ ...vault, stores }));
  expect(wordsOf(await beside('trips', blind))).toContain('Names are as when the backup began');
  const made = await beside('made_later', blind);
  expect(wordsOf(made)).toContain('Names are as when the backup began');
  expect(RestoreInput.parse(made.payload).namespaces).toEqual([`${database}.made_later`]);
});

test('new names are shown each, with what they mean for what is captured', async () => {
  const pairs = await as('trips=trips_old,driver_logs=logs_old');
  const words = wordsOf(pairs);
  expect(words).toContain(`New name: ${database}.trips -> ${database}.trips_old`);
  expect(words).toContain('Nothing live is replaced.');
  expect(words).toContain('Nothing expires in it');
  expect(words).toContain(`${database} is backed up: what is loaded is in no oplog`);
  expect(pairs.job).toBe('restore-as');
  expect(RestoreAsInput.parse(pairs.payload)).toMatchObject({ captured: true, databases: [database] });
  const whole = await as(`${database}-copy1`);
  expect(wordsOf(whole)).toContain(`New name: ${database}.* -> ${database}-copy1.*`);
  expect(wordsOf(whole)).not.toContain('is backed up');
  expect(RestoreAsInput.parse(whole.payload)).toMatchObject({
    naming: { database: `${database}-copy1` },
    namespaces: [`${database}.*`],
    databases: [`${database}-copy1`],
    captured: false,
  });
});

test('a name that is taken, or that the plan does not allow, is refused', async () => {
  expect(await refusal(as('trips=other'))).toContain(`TARGET_EXISTS: There is a ${database}.other already.`);
  expect(await refusal(as('trips=recent'))).toContain(`TARGET_EXISTS: There is a ${database}.recent already.`);
  expect(await refusal(as('elsewhere'))).toContain('NOT_ALLOWED: plan.yaml does not let a restore write to elsewhere');
  await engine.client.db(`${database}-copy2`).collection('x').insertOne({ n: 1 });
  expect(await refusal(as(`${database}-copy2`))).toContain(
    `TARGET_EXISTS: There is a database ${database}-copy2 already, with 1 collection.`,
  );
  expect(await refusal(as(`trips=${database}-copy2.trips`))).toContain('not refused');
  await engine.client.db(`${database}-copy2`).dropDatabase();
  expect(await refusal(as('recent=recent_old'))).toContain('is a view');
});

test('made anew for its start, it is of the backup that people approved, not of one taken since', async () => {
  const first = await as('trips=trips_old');
  expect(first.facts['backup']).toBe(backup);
  const newer = await verified();
  expect(newer).not.toBe(backup);
  expect((await as('trips=trips_old')).facts['backup']).toBe(newer);
  const again = await as('trips=trips_old', undefined, first.facts);
  expect(again.facts).toEqual(first.facts);
  expect(again.payload).toEqual(first.payload);
  // and somebody who took the name meanwhile is seen
  await engine.db.collection('trips_old').insertOne({ n: 1 });
  expect(await refusal(as('trips=trips_old', undefined, first.facts))).toContain('TARGET_EXISTS');
  await engine.db.collection('trips_old').drop();
});
