import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { MongoClient } from 'mongodb';
import { fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { s3DnsSwitch } from '#adapters/dns-switch';
import { route53Dns } from '#adapters/route53';
import { httpTraffic } from '#adapters/traffic';
import { Region } from '#core';
import { SANDBOX_CREDENTIALS, until } from '#sandbox/servers';
import { Audit, ask, type Company, EAST_SWITCH, NAME, Stats, startCompany } from './company.ts';

let company: Company;
let root: MongoClient;
beforeAll(async () => {
  company = await startCompany('eldtest');
  root = new MongoClient(company.set.uri('root'));
}, 90_000);
afterAll(async () => {
  await root.close();
  await company.stop();
}, 30_000);

const east = Region.parse('us-east-1');
const west = Region.parse('us-west-2');
const stats = () => ask(company.eld.drivers.statsUrl, Stats);
const audit = () => ask(`${company.eld.drivers.url}/audit`, Audit);
const url = (region: string) => company.eld.kubernetes.cluster(region).serviceUrl;
const flowing = (more: number) =>
  stats().then(({ acknowledged }) =>
    until(`${more} more writes`, async () => (await stats()).acknowledged >= acknowledged + more),
  );
/** Whether all writes of the last second were acknowledged in one region. */
const servesAll = (region: string) => async () => {
  const lines = await fetch(`${company.eld.drivers.acknowledgedWritesUrl}?since=${Date.now() - 1000}`);
  const regions = (await lines.text())
    .trim()
    .split('\n')
    .map((line) => z.object({ region: z.string() }).parse(JSON.parse(line)).region);
  return regions.length > 10 && regions.every((each) => each === region);
};
const traffic = () =>
  httpTraffic({
    statsUrl: company.eld.drivers.statsUrl,
    acknowledgedWritesUrl: company.eld.drivers.acknowledgedWritesUrl,
    serviceUrl: async (region) => url(region),
  });

async function whileBlocked(work: () => Promise<void>): Promise<void> {
  await root.db('admin').command({ setUserWriteBlockMode: 1, global: true });
  try {
    await work();
  } finally {
    await root.db('admin').command({ setUserWriteBlockMode: 1, global: false });
  }
}

const log = (id: string, odometerKm = 1) => ({
  id,
  driverId: 'driver-x',
  vehicleId: 'vehicle-x',
  at: '2026-11-24T08:00:00.000Z',
  kind: 'duty-status',
  status: 'D',
  odometerKm,
  position: { lat: 1, lon: 2 },
});
const post = (body: unknown, region = 'us-east-1') =>
  fetch(`${url(region)}/driver-logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('drivers write where the weights lead, and every acknowledged write can be listed and read back', async () => {
  await flowing(60);
  const { byRegion } = await stats();
  expect(byRegion.map(({ region }) => region)).toEqual(['us-east-1']);
  const seen = await stats();
  let listed = 0;
  let lastAt = 0;
  for await (const write of traffic().acknowledged(new Date(0), new Date(Date.now() + 1000))) {
    listed += 1;
    expect(write.at.getTime()).toBeGreaterThanOrEqual(lastAt);
    lastAt = write.at.getTime();
  }
  expect(listed).toBeGreaterThanOrEqual(seen.acknowledged);
  expect(await audit()).toMatchObject({ missing: 0, changed: 0 });
  const half = new Date(lastAt - 500).toISOString();
  const window = await fetch(`${company.eld.drivers.acknowledgedWritesUrl}?since=${half}&until=${lastAt}`);
  const times = (await window.text())
    .trim()
    .split('\n')
    .map((line) => Date.parse(JSON.parse(line).at));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(lastAt - 500);
  expect(Math.max(...times)).toBeLessThan(lastAt);
});

test('a write sent twice is one write, another one under its id is refused, and probes read back through each region', async () => {
  expect((await post(log('twice-0001'))).status).toBe(201);
  expect((await post(log('twice-0001'))).status).toBe(201);
  expect((await post(log('twice-0001', 2))).status).toBe(409);
  expect((await post({ ...log('twice-0002'), odometerKm: 'far' })).status).toBe(400);
  expect(await traffic().probe(west, 5)).toEqual({ written: 5, readBack: 5 });
});

test('while writes are blocked nothing is acknowledged, health fails, and the pause is measured', async () => {
  await flowing(30);
  await fetch(`${company.eld.drivers.url}/stats/reset`, { method: 'POST' });
  await whileBlocked(async () => {
    const refused = await post(log('blocked-001'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ acknowledged: false, error: 'writes-blocked' });
    expect((await fetch(`${url('us-east-1')}/health`)).status).toBe(503);
    expect((await fetch(`${url('us-east-1')}/ready`)).status).toBe(200);
    await until('a pause of a second', async () => (await stats()).pausedMs > 1000);
    expect((await stats()).failed).toBeGreaterThan(0);
  });
  await flowing(30);
  const { longestPauseMs } = await stats();
  expect(longestPauseMs).toBeGreaterThan(1000);
  expect(longestPauseMs).toBeLessThan(6000);
  expect((await fetch(`${url('us-east-1')}/driver-logs/blocked-001`)).status).toBe(404);
});

test('each instance follows its ConfigMap, and drains: scaling down fails hardly a write', async () => {
  const config = new KubeConfig();
  config.loadFromFile(company.eld.kubeconfig);
  config.setCurrentContext('us-east-1');
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const core = config.makeApiClient(CoreV1Api);
  const body = { data: { 'active-region': 'us-west-2' } };
  await core.patchNamespacedConfigMap({ namespace: 'eld', name: 'eld-config', body }, merge);
  const Config = z.object({ activeRegion: z.string(), filesBucket: z.string(), region: z.string() });
  await until('the new active region', async () => {
    const seen = await ask(`${url('us-east-1')}/config`, Config);
    return seen.activeRegion === 'us-west-2' && seen.filesBucket === 'eld-files-us-east-1';
  });
  await until('no failure in the window', async () => (await stats()).failed === 0);
  const apps = config.makeApiClient(AppsV1Api);
  const scale = (replicas: number) =>
    apps.patchNamespacedDeploymentScale({ namespace: 'eld', name: 'eld-api', body: { spec: { replicas } } }, merge);
  await scale(3);
  await company.eld.kubernetes.ready();
  await scale(1);
  await until('one instance', async () => company.eld.kubernetes.cluster('us-east-1').pods().length === 1);
  await flowing(30);
  expect((await stats()).failed).toBeLessThanOrEqual(3); // a connection may close under a request; the driver sends it again
  expect(readFileSync(join(company.dir, 'logs', 'us-east-1-eld-api.log'), 'utf8')).toContain('drained');
  await scale(2);
});

test('drivers follow a change of weights within the TTL', async () => {
  const dns = route53Dns({
    zone: 'eld.example',
    record: NAME,
    endpoint: company.moto.endpoint,
    credentials: SANDBOX_CREDENTIALS,
  });
  expect(await dns.weights()).toEqual([
    { region: 'us-east-1', weight: 100 },
    { region: 'us-west-2', weight: 0 },
  ]);
  await dns.setWeights([
    { region: east, weight: 0 },
    { region: west, weight: 100 },
  ]);
  const changedAt = Date.now();
  await until('all drivers in the west', servesAll(west), { withinMs: 10_000 });
  expect(Date.now() - changedAt).toBeLessThan(8000);
  await dns.setWeights([
    { region: east, weight: 100 },
    { region: west, weight: 0 },
  ]);
  dns.close();
});

test('drivers leave a region whose switch is thrown, although its service is well and all the weight is there', async () => {
  const place = { from: east, region: west, bucket: EAST_SWITCH.bucket, endpoint: company.moto.endpoint };
  const dnsSwitch = s3DnsSwitch({ places: [place], credentials: SANDBOX_CREDENTIALS });
  await until('the east serves', servesAll(east), { withinMs: 10_000 });
  await dnsSwitch.divert(east);
  await until('all drivers in the west', servesAll(west), { withinMs: 10_000 });
  await dnsSwitch.undivert(east);
  await until('all drivers in the east again', servesAll(east), { withinMs: 10_000 });
  dnsSwitch.close();
}, 40_000);

test('after kill -9 of the primary and an election, every acknowledged write is present', async () => {
  await flowing(30);
  const before = await stats();
  company.set.member('east-1').kill('SIGKILL');
  await company.set.member('east-1').ended();
  await until('writes go on', async () => (await stats()).acknowledged > before.acknowledged + 60, {
    withinMs: 20_000,
  });
  const found = await audit();
  expect(found).toMatchObject({ missing: 0, changed: 0 });
  expect(found.checked).toBeGreaterThan(before.acknowledged);
  await company.set.member('east-1').restart();
});

test('the audit sees what is really gone, and what was changed', async () => {
  const logs = root.db('eld').collection<{ _id: string; odometerKm: number }>('driver_logs');
  const mine = { _id: { $regex: /^log-/ } };
  const [gone, changed] = await logs.find(mine, { sort: { at: -1 }, limit: 2 }).toArray();
  if (gone === undefined || changed === undefined) throw new Error('nothing was written');
  await logs.deleteOne({ _id: gone._id });
  await logs.updateOne({ _id: changed._id }, { $inc: { odometerKm: 1 } });
  expect(await audit()).toMatchObject({ missing: 1, changed: 1 });
  await until('the running audit sees it too', async () => {
    const { lost, changed: differing } = await stats();
    return lost === 1 && differing === 1;
  });
});
