import { fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SwitchPlace, s3DnsSwitch, switchAddress, switchKey, TURNED_AWAY } from '#adapters/dns-switch';
import { memoryDnsSwitch } from '#adapters/memory';
import { Region } from '#core';
import { createSwitchBucket, type Gateway, SANDBOX_CREDENTIALS, startGateway } from '#sandbox/servers';
import { dnsSwitchContract } from '../../contract/dns-switch.contract.ts';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const [EAST, WEST, EU] = ['us-east-1', 'us-west-2', 'eu-west-1'].map((name) => Region.parse(name)) as [
  Region,
  Region,
  Region,
];
let doors: Readonly<Record<'west' | 'eu', Gateway>>;

/** Switches of both regions in buckets of their own, each behind the door of its region. */
async function places(): Promise<SwitchPlace[]> {
  const [inWest, inEu] = [ownName('switch'), ownName('switch')];
  const [west, eu] = [doors.west.endpoint, doors.eu.endpoint];
  await Promise.all([createSwitchBucket(inWest, WEST, west), createSwitchBucket(inEu, EU, eu)]);
  return [
    { from: EAST, region: WEST, bucket: inWest, endpoint: west },
    { from: WEST, region: EU, bucket: inEu, endpoint: eu },
  ];
}
const open = (at: readonly SwitchPlace[]) => s3DnsSwitch({ places: at, credentials: SANDBOX_CREDENTIALS });

beforeAll(async () => {
  const targetPort = Number(new URL(await sharedAwsEndpoint()).port);
  const [west, eu] = await Promise.all([startGateway({ targetPort }), startGateway({ targetPort })]);
  doors = { west, eu };
}, 60_000);
afterAll(async () => {
  await Promise.all([doors.west.stop(), doors.eu.stop()]);
});

dnsSwitchContract('memory', async () => ({
  dnsSwitch: memoryDnsSwitch([EAST, WEST]),
  close: async () => undefined,
}));

dnsSwitchContract('S3', async () => {
  const dnsSwitch = open(await places());
  return { dnsSwitch, close: async () => dnsSwitch.close() };
});

test('whoever has no credentials reads where the health check looks what stands there, and nothing else', async () => {
  const at = await places();
  const [first] = at as [SwitchPlace];
  const dnsSwitch = open(at);
  const { host, port, path } = switchAddress(first);
  const look = async (): Promise<string> => (await fetch(`http://${host}:${port}${path}`)).text();
  await dnsSwitch.divert(EAST);
  expect(await look()).toContain(TURNED_AWAY);
  await dnsSwitch.undivert(EAST);
  expect(await look()).not.toContain(TURNED_AWAY);
  expect((await fetch(`http://${host}:${port}/${first.bucket}/${switchKey(WEST)}`)).ok).toBe(false);
  dnsSwitch.close();
});

test('a region whose own switch lies in a dead region does not keep another from being diverted; the dead one is said in seconds', async () => {
  const dnsSwitch = open(await places());
  await doors.eu.cut();
  try {
    const startedAt = performance.now();
    await dnsSwitch.divert(EAST);
    expect(await dnsSwitch.diverted()).toEqual([EAST]);
    await expect(dnsSwitch.divert(WEST)).rejects.toMatchObject({ code: 'DNS_REFUSED' });
    await dnsSwitch.undivert(EAST);
    await expect(dnsSwitch.divert(WEST)).rejects.toMatchObject({ code: 'DNS_UNAVAILABLE', kind: 'transient' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await doors.west.cut();
    // not known is not "nobody"
    await expect(dnsSwitch.diverted()).rejects.toMatchObject({ code: 'DNS_UNAVAILABLE', kind: 'transient' });
  } finally {
    await Promise.all([doors.eu.restore(), doors.west.restore()]);
    dnsSwitch.close();
  }
});

test('a bucket that is not there is refused, with what to do', async () => {
  const [first] = (await places()) as [SwitchPlace];
  const dnsSwitch = open([{ ...first, bucket: ownName('nowhere') }]);
  await expect(dnsSwitch.divert(EAST)).rejects.toMatchObject({
    code: 'DNS_REFUSED',
    kind: 'permanent',
    hint: expect.stringContaining('dr dns prepare'),
  });
  dnsSwitch.close();
});

test('in AWS the object is looked for by TLS under its bucket and region', async () => {
  expect(switchAddress({ from: EAST, region: WEST, bucket: 'eld-switch' })).toEqual({
    tls: true,
    host: 'eld-switch.s3.us-west-2.amazonaws.com',
    port: 443,
    path: '/dns-switch/us-east-1',
  });
});
