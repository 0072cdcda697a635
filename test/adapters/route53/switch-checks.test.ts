import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { beforeAll, expect, test } from 'vitest';
import type { SwitchAddress } from '#adapters/dns-switch';
import { route53Dns } from '#adapters/route53';
import { Region } from '#core';
import { createEldRecords, openRoute53 } from '#sandbox/eld';
import { createAwsWorld, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { standingOf } from '../../../src/adapters/route53/switch-checks.ts';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const zone = `${ownName('zone')}.example`;
const record = `api.${zone}`;
const address = (port: number): SwitchAddress => ({ tls: false, host: '127.0.0.1', port, path: '/switch' });
let endpoint: string;
let zoneId: string;

beforeAll(async () => {
  endpoint = await sharedAwsEndpoint();
  ({ zoneId } = await createAwsWorld({ endpoint, prefix: ownName('heed'), zone }));
  const regions = [
    { region: EAST, port: 4101, weight: 100 },
    { region: WEST, port: 4102, weight: 0 },
  ];
  await createEldRecords({ endpoint, zoneId, name: record, ttlSeconds: 2, regions });
}, 90_000);

const healthCheckOf = async (region: Region): Promise<string | undefined> => {
  const client = openRoute53(endpoint, 3);
  const answer = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
  client.destroy();
  return answer.ResourceRecordSets?.find(({ SetIdentifier }) => SetIdentifier === region)?.HealthCheckId;
};

test('a record comes to heed its switch beside its own check, is led to another address, and made twice is made once', async () => {
  const dns = route53Dns({ zone, record, endpoint, credentials: SANDBOX_CREDENTIALS });
  let made = 0;
  const fresh = (): string => {
    made += 1;
    return `${record}-${made}`;
  };
  const stateOf = async (port: number): Promise<string | undefined> =>
    (await dns.switches([{ region: EAST, address: address(port) }]))[0]?.state;
  expect(await stateOf(1)).toBe('without-switch');
  const own = await healthCheckOf(EAST);
  await dns.heed({ region: EAST, address: address(1) }, fresh);
  expect(await stateOf(1)).toBe('ready');
  expect(await stateOf(2)).toBe('other-address');
  const both = await healthCheckOf(EAST);
  expect([both === own, made]).toEqual([false, 2]);
  await dns.heed({ region: EAST, address: address(1) }, fresh);
  await dns.heed({ region: EAST, address: address(2) }, fresh);
  expect([await stateOf(2), await healthCheckOf(EAST), made]).toEqual(['ready', both, 2]);
  expect(await dns.weights()).toEqual([
    { region: EAST, weight: 100 },
    { region: WEST, weight: 0 },
  ]);
  expect(await healthCheckOf(WEST)).not.toBe(both);
  dns.close();
});

test('a switch that could be outvoted, was disabled or is not inverted is not heeded', () => {
  const watching = {
    Type: 'HTTP_STR_MATCH' as const,
    IPAddress: '127.0.0.1',
    Port: 1,
    ResourcePath: '/switch',
    SearchString: 'drivers-turned-away',
    Inverted: true,
  };
  const state = (change: object, threshold = 2, inverted = false): string => {
    const configs = {
      own: { Type: 'HTTP' as const },
      watching: { ...watching, ...change },
      both: {
        Type: 'CALCULATED' as const,
        ChildHealthChecks: ['own', 'watching'],
        HealthThreshold: threshold,
        Inverted: inverted,
      },
    };
    const checks = new Map(
      Object.entries(configs).map(([Id, HealthCheckConfig]) => [
        Id,
        { Id, CallerReference: Id, HealthCheckConfig, HealthCheckVersion: 1 },
      ]),
    );
    const set = { Name: record, Type: 'SRV' as const, HealthCheckId: 'both' };
    return standingOf({ region: EAST, address: address(1) }, set, checks).state;
  };
  expect(state({})).toBe('ready');
  expect(state({}, 1)).toBe('without-switch');
  expect(state({}, 2, true)).toBe('without-switch');
  expect(state({ Inverted: false })).toBe('without-switch');
  expect(state({ Disabled: true })).toBe('without-switch');
  expect(state({ Port: 9 })).toBe('other-address');
  const bare = { Name: record, Type: 'SRV' as const };
  expect(standingOf({ region: EAST, address: address(1) }, bare, new Map()).state).toBe('without-check');
});
