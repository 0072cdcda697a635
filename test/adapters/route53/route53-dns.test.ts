import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryDns } from '#adapters/memory';
import { route53Dns } from '#adapters/route53';
import { Region } from '#core';
import { createEldRecords } from '#sandbox/eld';
import { createAwsWorld, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { dnsContract } from '../../contract/dns.contract.ts';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const zone = `${ownName('zone')}.example`;
const record = `api.${zone}`;
let endpoint: string;

const open = (at: string) => route53Dns({ zone, record, endpoint: at, credentials: SANDBOX_CREDENTIALS });

beforeAll(async () => {
  endpoint = await sharedAwsEndpoint();
  const { zoneId } = await createAwsWorld({ endpoint, prefix: ownName('dns'), zone });
  const regions = [
    { region: EAST, port: 4101, weight: 100 },
    { region: WEST, port: 4102, weight: 0 },
  ];
  await createEldRecords({ endpoint, zoneId, name: record, ttlSeconds: 2, regions });
}, 90_000);

dnsContract('memory', async () => ({
  dns: memoryDns([
    { region: EAST, weight: 100 },
    { region: WEST, weight: 0 },
  ]),
  close: async () => undefined,
}));

dnsContract('Route 53', async () => {
  const dns = open(endpoint);
  return { dns, close: async () => dns.close() };
});

test('a change of weight keeps address, time to live and health check; a region is reached past the weights', async () => {
  const dns = open(endpoint);
  expect(await dns.serviceUrl(WEST)).toBe('http://127.0.0.1:4102');
  expect(await dns.ttlSeconds()).toBe(2);
  dns.close();
});

/** Route 53 as it answers an account without rights. */
const refusing = createServer((_request, response) => {
  response.writeHead(403, { 'content-type': 'text/xml' });
  response.end(
    '<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not authorized</Message></Error><RequestId>1</RequestId></ErrorResponse>',
  );
});
afterAll(() => {
  refusing.close();
});

test('a missing right is permanent and names the action to allow; a dead endpoint is transient, within seconds', async () => {
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const { port } = refusing.address() as AddressInfo;
  const denied = open(`http://127.0.0.1:${port}`);
  await expect(denied.weights()).rejects.toMatchObject({
    code: 'DNS_REFUSED',
    kind: 'permanent',
    hint: expect.stringContaining('route53:ListHostedZonesByName'),
  });
  denied.close();
  const dead = open('http://127.0.0.1:1');
  const started = performance.now();
  await expect(dead.weights()).rejects.toMatchObject({ code: 'DNS_UNAVAILABLE', kind: 'transient' });
  expect(performance.now() - started).toBeLessThan(5_000);
  dead.close();
});
