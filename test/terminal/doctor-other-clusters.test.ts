import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '#config';
import { systemClock } from '#core';
import { parsePlan } from '#plan';
import { otherClusterWriter, type Privilege } from '../../sandbox/servers/privileges.ts';
import { type Finding, lookAtAll } from '../../src/terminal/doctor/check.ts';
import { otherClusterChecks } from '../../src/terminal/doctor/other-cluster-checks.ts';
import { edited } from '../plan/eld-plan.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const user = ownName('doctor');
const VARIABLE = `${user.replace('-', '_').toUpperCase()}_MONGODB_URI`;
const { plan } = parsePlan(
  edited(['    clusters: []', `    clusters: [{ name: dr-site, uri_env: ${VARIABLE}, databases: [eld, eld_copy_*] }]`]),
  'plan.yaml',
);
let live: string;
let root: MongoClient;

beforeAll(async () => {
  live = await sharedMongoUri();
  root = new MongoClient(live);
  await root.db('admin').command({ createRole: user, privileges: [], roles: [] });
  await root.db('admin').command({ createUser: user, pwd: user, roles: [user] });
});
afterAll(async () => {
  Reflect.deleteProperty(process.env, VARIABLE);
  await root.db('admin').command({ dropUser: user });
  await root.db('admin').command({ dropRole: user });
  await root.close();
});

const rights = (privileges: readonly Privilege[]) => root.db('admin').command({ updateRole: user, privileges });

async function finding(more: { uri?: string; protectedUri?: string } = {}): Promise<Finding> {
  if (more.uri === undefined) Reflect.deleteProperty(process.env, VARIABLE);
  else process.env[VARIABLE] = more.uri;
  const mongodbUri = more.protectedUri === undefined ? undefined : new Secret(more.protectedUri);
  const [found, ...others] = await lookAtAll(otherClusterChecks({ mongodbUri }, plan), systemClock);
  expect(others).toEqual([]);
  if (!found) throw new Error('nothing was looked at');
  return found;
}

test('a cluster that can take a restore is shown with its servers and its room', async () => {
  const uri = live.replace(/root:[^@]+@/, `${user}:${user}@`);
  await rights(otherClusterWriter(['eld']));
  const { name, state, words } = await finding({ uri });
  expect([name, state]).toEqual(['cluster dr-site', 'OK']);
  expect(words).toMatch(/^1 member, primary 127\.0\.0\.1:\d+, MongoDB 6\.0\.5 as of 6\.0, [\d.]+ [GT]B free$/);
  await rights(otherClusterWriter(['eld']).filter(({ resource }) => !('db' in resource && resource.db === 'eld')));
  expect(await finding({ uri })).toMatchObject({
    state: 'WRONG',
    words: expect.stringContaining('Missing: find on database eld, insert on database eld'),
    fix: expect.stringContaining('docs/operations.md'),
  });
  await rights([]);
  expect(await finding({ uri })).toMatchObject({ state: 'WRONG', words: expect.stringContaining('serverStatus') });
});

test('one without an address, one in the clear, and the protected set itself are wrong', async () => {
  expect(await finding()).toMatchObject({
    state: 'WRONG',
    words: expect.stringContaining(`${VARIABLE} is missing.`),
    fix: expect.stringContaining(VARIABLE),
  });
  expect(await finding({ uri: 'mongodb://dr.example/?replicaSet=dr' })).toMatchObject({
    state: 'WRONG',
    words: expect.stringContaining('add tls=true'),
  });
  expect(await finding({ uri: live, protectedUri: live })).toMatchObject({
    state: 'WRONG',
    words: expect.stringContaining('is the protected replica set itself'),
  });
});
