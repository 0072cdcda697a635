import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecoveryServers } from '#adapters/recovery-mongod';
import { asDrError, type RequestId, systemRandom } from '#core';
import type { RecoveryServers } from '#ports';
import { type RestoreOnInput, restoreOnWorkflow } from '#restore';
import { runtimePaths } from '#sandbox/servers';
import { dieWithUs, removeAfterUs } from '../../sandbox/servers/reaper.ts';
import { never, openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runBench } from './run-bench.ts';

const database = ownName('scratch');
const { vault } = memoryVault();
let folder: string;
let engine: Awaited<ReturnType<typeof openEngine>>;
let recovery: RecoveryServers;
let run: RequestId;
let input: RestoreOnInput;

const servers = (program: string | undefined, searched = ''): RecoveryServers =>
  openRecoveryServers({
    folder,
    program,
    searched,
    random: systemRandom,
    now: () => new Date(),
    writtenWithinMs: 2_000,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-scratch-'));
  removeAfterUs(folder);
  engine = await openEngine(await sharedMongoUri(), database, vault);
  recovery = servers(runtimePaths().mongod);
  run = engine.nextRun();
  await engine.db.collection('trips').insertMany(Array.from({ length: 7_000 }, (_, n) => ({ n })));
  const { header } = await engine.backUp();
  const { backup: backupId } = header;
  input = { backupId, on: 'scratch', namespaces: [`${database}.*`], naming: 'kept', databases: [database] };
}, 60_000);
afterAll(async () => {
  for (const each of await recovery.list()) await recovery.stop(each.run);
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const processes = (): string[] =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('mongod') && line.includes(folder));

test('where there is no mongod none is started, and that is said', async () => {
  for (const [none, words] of [
    [servers('/nowhere/mongod'), 'looked at /nowhere/mongod'],
    [servers(undefined, '/nowhere:/nowhere-else'), 'looked at PATH, and HOLDFAST_MONGOD is not set'],
  ] as const) {
    const error = await none.start(run, never()).then(() => undefined, asDrError);
    expect([error?.code, error?.kind]).toEqual(['TARGET_UNFIT', 'user']);
    expect(error?.message).toContain(words);
  }
  expect(existsSync(join(folder, run))).toBe(false);
});

test('it is started for the run, on loopback with a user of its own, and goes on when it is killed in the middle', async () => {
  let kills = 0;
  const bench = runBench(vault, engine.target, {
    describe: () => Promise.reject(new Error('no other cluster is asked')),
    describeLive: async () => undefined,
    recovery: {
      ...recovery,
      open: async (id) => {
        const opened = await recovery.open(id);
        for (const line of processes()) dieWithUs(Number(line.trim().split(' ')[0]));
        return {
          ...opened,
          insert: async (...args) => {
            // once, while the data is on its way
            const [line] = kills === 0 ? processes() : [];
            kills += 1;
            if (line) process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
            return opened.insert(...args);
          },
        };
      },
    },
  });
  await bench.restoreOn(run, input);
  const done = await bench.carry(restoreOnWorkflow, run);
  expect([done?.state, done?.failure?.message]).toEqual(['done', undefined]);
  expect(kills).toBeGreaterThan(1);
  expect(processes().length).toBe(1);
  expect(processes()[0]).toContain('--bind_ip 127.0.0.1');

  const [server] = await recovery.list();
  expect(statSync(server?.addressFile ?? '').mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, run)).mode & 0o777).toBe(0o700);
  const told = JSON.stringify(done?.steps);
  const uri = readFileSync(server?.addressFile ?? '', 'utf8').trim();
  const password = /:([^:@]+)@/.exec(uri)?.[1] ?? '';
  expect(password.length).toBeGreaterThan(20);
  // where it is, and not how to get in, is in the journal
  expect(told).toContain(server?.address);
  expect(told).not.toContain(password);
  const client = new MongoClient(uri);
  expect((await rawDocuments(client, database, 'trips')).toSorted()).toEqual(
    (await rawDocuments(engine.client, database, 'trips')).toSorted(),
  );
  await client.close();
  const stranger = new MongoClient(`mongodb://${server?.address}/?directConnection=true`);
  await expect(stranger.db(database).collection('trips').countDocuments()).rejects.toThrow(/authentication/);
  await stranger.close();
}, 120_000);

test('where nothing can be written none is started', async () => {
  const file = openRecoveryServers({
    ...{ folder: '/dev/null', program: runtimePaths().mongod, searched: '' },
    ...{ random: systemRandom, now: () => new Date() },
  });
  const error = await file.start(run, never()).then(() => undefined, asDrError);
  expect([error?.code, error?.kind]).toEqual(['TARGET_UNFIT', 'user']);
  expect(error?.message).toContain('can not be written');
});

const pidOf = (id: RequestId): number =>
  Number(
    processes()
      .find((line) => line.includes(join(folder, id)))
      ?.trim()
      .split(' ')[0],
  );

test('of one that is gone the number may be somebody else’s by now, who is left alone', async () => {
  const other = engine.nextRun();
  await recovery.start(other, never());
  dieWithUs(pidOf(other));
  process.kill(pidOf(other), 'SIGKILL');
  // this process's own
  await writeFile(join(folder, other, 'db', 'mongod.lock'), `${process.pid}\n`);
  await recovery.stop(other);
  expect((await recovery.list()).map((each) => each.run)).toEqual([run]);
}, 60_000);

test('stopped, also while it is frozen, its process and its data are gone, and stopping again does nothing', async () => {
  expect(processes()).toHaveLength(1);
  process.kill(pidOf(run), 'SIGSTOP');
  await recovery.stop(run);
  expect(processes()).toEqual([]);
  expect(existsSync(join(folder, run))).toBe(false);
  expect(await recovery.list()).toEqual([]);
  await recovery.stop(run);
  const error = await recovery.open(run).then(() => undefined, asDrError);
  expect([error?.code, error?.kind]).toEqual(['NOT_FOUND', 'permanent']);
}, 30_000);
