import { MongoClient } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { openReplicaSet } from '#adapters/mongodb';
import { lacksSaid, PLANNED_NEEDS, UNPLANNED_NEEDS } from '#ports';
import { abilitiesOf } from '../../../src/adapters/mongodb/abilities.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';

/** A user of the shared set with these rights on the cluster, gone with the test. */
async function userWith(...actions: string[]): Promise<string> {
  const uri = await sharedMongoUri();
  const root = new MongoClient(uri);
  const name = ownName('able');
  const admin = root.db('admin');
  await admin.command({ createRole: name, privileges: [{ resource: { cluster: true }, actions }], roles: [] });
  await admin.command({ createUser: name, pwd: 'only-here', roles: [name] });
  onTestFinished(async () => {
    await admin.command({ dropUser: name });
    await admin.command({ dropRole: name });
    await root.close();
  });
  const url = new URL(uri);
  return `mongodb://${name}:only-here@${url.host}/${url.search}`;
}

async function abilitiesFor(uri: string) {
  const set = openReplicaSet({ uri });
  try {
    return await set.abilities(new URL(uri).host);
  } finally {
    await set.close();
  }
}

test('a member says what it is, and a right that the user lacks is named before it is needed', async () => {
  const uri = await userWith('replSetGetConfig', 'replSetConfigure', 'setUserWriteBlockMode', 'applyOps');
  const found = await abilitiesFor(uri);
  expect(found.product).toMatch(/^MongoDB Community 6\.0\.\d+$/);
  expect(lacksSaid(found, PLANNED_NEEDS)).toEqual([
    `${found.product} can't make another member the primary (its user lacks the right replSetStateChange)`,
  ]);
  expect(lacksSaid(found, UNPLANNED_NEEDS)[1]).toContain('lacks the right bypassWriteBlockingMode');
});

test('who may do everything lacks nothing', async () => {
  expect((await abilitiesFor(await sharedMongoUri())).lacks).toEqual([]);
});

const KNOWN = { setUserWriteBlockMode: {}, replSetStepUp: {}, replSetFreeze: {}, replSetReconfig: {} };
const ALL = { commands: { ...KNOWN, replSetGetConfig: {}, applyOps: {} } };
const NOBODY = { authInfo: { authenticatedUsers: [] } };
const as = (actions: string[]) => ({
  authInfo: {
    authenticatedUsers: [{ user: 'holdfast' }],
    authenticatedUserPrivileges: [{ resource: { cluster: true }, actions }],
  },
});

test.each([
  [{ version: '6.0.5' }, 'east-1:27017', 'MongoDB Community 6.0.5'],
  [{ version: '7.0.14', modules: ['enterprise'] }, 'east-1:27017', 'MongoDB Enterprise 7.0.14'],
  [{ version: '7.0.14', modules: ['enterprise'] }, 'eld-00.ab1cd.mongodb.net:27017', 'MongoDB Atlas 7.0.14'],
  [{ version: '6.0.5', psmdbVersion: '6.0.5-4' }, 'east-1:27017', 'Percona Server for MongoDB 6.0.5-4'],
  [{ version: '5.0.0' }, 'eld.c1.us-east-1.docdb.amazonaws.com:27017', 'Amazon DocumentDB 5.0.0'],
])('%o on %s is called %s', (build, host, product) => {
  expect(abilitiesOf({ host, build, commands: ALL, session: NOBODY })).toEqual({ product, lacks: [] });
});

test('an old server lacks a command, a managed one its rights, and one that says neither is taken to have both', () => {
  const host = 'eld-00.ab1cd.mongodb.net:27017';
  const build = { version: '5.0.31' };
  const { setUserWriteBlockMode, ...older } = ALL.commands;
  expect(setUserWriteBlockMode).toBeDefined();
  const old = abilitiesOf({ host: 'east-1:27017', build, commands: { commands: older }, session: NOBODY });
  expect(lacksSaid(old, PLANNED_NEEDS)).toEqual([
    "MongoDB Community 5.0.31 can't stop users' writes (no setUserWriteBlockMode: MongoDB 6.0 or newer of one's own has it)",
  ]);
  const managed = abilitiesOf({ host, build, commands: ALL, session: as(['listDatabases']) });
  expect(managed.lacks.map(({ ability }) => ability)).toEqual([...UNPLANNED_NEEDS]);
  expect(abilitiesOf({ host, build, commands: undefined, session: undefined }).lacks).toEqual([]);
});
