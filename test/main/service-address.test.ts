import { expect, test } from 'vitest';
import { DrError, Region } from '#core';
import { serviceAddress } from '../../src/main/service-address.ts';

const EAST = Region.parse('us-east-1');
const health = (region: Region) => `https://${region}.api.example:8443/health`;

test('a service is tried where DNS would lead its users', async () => {
  const address = serviceAddress({ serviceUrl: async () => 'http://10.0.0.4:8080' }, health);
  expect(await address(EAST)).toBe('http://10.0.0.4:8080');
});

test("where DNS's control API is lost with its region, it is tried under the region's own name", async () => {
  const lost = new DrError('DNS_UNAVAILABLE', 'transient', 'Route 53 does not answer.');
  expect(await serviceAddress({ serviceUrl: () => Promise.reject(lost) }, health)(EAST)).toBe(
    'https://us-east-1.api.example:8443',
  );
});

test('a region without a record is not tried elsewhere', async () => {
  const none = new DrError('DNS_REFUSED', 'permanent', 'Route 53 has no weighted record for us-east-1.');
  await expect(serviceAddress({ serviceUrl: () => Promise.reject(none) }, health)(EAST)).rejects.toBe(none);
});
