import { afterAll, beforeAll, expect, test } from 'vitest';
import { World } from '#sandbox/page';
import { type Gateway, startGateway, until } from '#sandbox/servers';
import { createBreakers, startWorld, type WorldReader } from '#sandbox/world';
import { type Company, startCompany } from '../eld/company.ts';

let company: Company;
let door: Gateway;
let world: WorldReader;
beforeAll(async () => {
  company = await startCompany('worldtest');
  door = await startGateway({ targetPort: company.moto.port });
  const { aws, set, eld, moto } = company;
  const vault = (region: 'us-east-1' | 'us-west-2' | 'eu-west-1') => ({
    region,
    vault: { endpoint: region === 'us-east-1' ? door.endpoint : moto.endpoint, bucket: aws.buckets[region] },
  });
  const serving = (region: 'us-east-1' | 'us-west-2') => ({
    ...vault(region),
    kubernetes: eld.kubernetes.cluster(region).server,
  });
  world = startWorld({
    regions: [serving('us-east-1'), serving('us-west-2'), vault('eu-west-1')],
    members: set.members.map(({ name, region }) => ({ name, region, uri: set.memberUri(name, 'root') })),
    kubernetesToken: eld.readerToken,
    dns: { endpoint: moto.endpoint, zoneId: aws.zoneId, name: 'api.eld.example' },
    statsUrl: eld.drivers.statsUrl,
  });
}, 90_000);
afterAll(async () => {
  await world.stop();
  await door.stop();
  await company.stop();
}, 30_000);

const region = async (name: string) => {
  const startedAt = performance.now();
  const seen = World.parse(await world.readWorld());
  expect(performance.now() - startedAt).toBeLessThan(500);
  const found = seen.regions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the world has no ${name}`);
  return found;
};

test('the world is what the servers say, and stays quick when a region dies for real and comes back', async () => {
  const { kubernetes } = company.eld;
  const breakers = createBreakers({
    mongodbUri: company.set.uri('root'),
    east: [
      {
        name: 'mongods',
        kill: () => {
          for (const member of company.set.inRegion('us-east-1')) member.kill('SIGKILL');
        },
        freeze: () => {
          for (const member of company.set.inRegion('us-east-1')) member.kill('SIGSTOP');
        },
        restore: async () => {
          for (const member of company.set.inRegion('us-east-1')) member.kill('SIGCONT');
          await Promise.all(company.set.inRegion('us-east-1').map((member) => member.restart()));
        },
      },
      {
        name: 'ELD service',
        kill: () => kubernetes.cluster('us-east-1').powerOff(),
        freeze: () => kubernetes.cluster('us-east-1').freeze(),
        restore: () => kubernetes.cluster('us-east-1').powerOn(),
      },
      { name: 'S3 and KMS', kill: () => door.cut(), freeze: () => door.pause(), restore: () => door.restore() },
    ],
    service: {
      name: 'the image of ELD',
      kill: () => kubernetes.cluster('us-east-1').loseImage(),
      restore: () => kubernetes.cluster('us-east-1').findImage(),
    },
    lines: undefined,
    primary: async () => undefined,
    cutSlack: () => undefined,
    restoreSlack: () => undefined,
    flushRedis: async () => undefined,
  });
  await until('the east serves', async () => (await region('us-east-1')).role === 'SERVING', { withinMs: 15_000 });
  expect(await region('us-west-2')).toMatchObject({ role: 'READY', db: { members: [{ name: 'west-1' }] } });
  await until('backups only', async () => (await region('eu-west-1')).role === 'BACKUPS');

  await breakers.run('kill-us-east-1');
  await until('the east is down', async () => {
    const east = await region('us-east-1');
    return east.role === 'DOWN' && !east.vault.up && east.db.members.every(({ state }) => state === 'down');
  });
  expect(await breakers.run('put-back')).toBe('Everything runs again.');
  await until('the east is back', async () => (await region('us-east-1')).role === 'SERVING', { withinMs: 25_000 });

  await breakers.run('freeze-us-east-1');
  await until('the east stands still', async () => {
    const { role, vault, db } = await region('us-east-1');
    return role === 'DOWN' && !vault.up && db.members.every(({ state }) => state === 'down');
  });
  // no process has ended, and no port refuses
  expect(company.set.inRegion('us-east-1').every((member) => member.running())).toBe(true);
  expect(
    kubernetes
      .cluster('us-east-1')
      .pods()
      .every(({ state }) => state === 'running'),
  ).toBe(true);
  expect(await breakers.run('put-back')).toBe('Everything runs again.');
  await until('the east is awake', async () => (await region('us-east-1')).role === 'SERVING', { withinMs: 25_000 });
  expect(breakers.list.map(({ id }) => id)).not.toContain('cut-us-east-1');
  await expect(breakers.run('nonsense')).rejects.toThrow('nothing to break');
}, 80_000);
