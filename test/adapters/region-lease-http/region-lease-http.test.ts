import { fetch } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryRegionLeases } from '#adapters/memory';
import { type RegionLeaseHttp, regionLeaseHttp } from '#adapters/region-lease-http';
import { createLogger, DrError, Region, RequestId, systemClock } from '#core';
import type { RegionLeases } from '#ports';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const SECRETS = new Map([
  [EAST, ['the-secret-of-the-east', 'the-one-before-that']],
  [WEST, ['the-secret-of-the-west']],
]);

describe('renewing a region’s lease over HTTP', () => {
  let leases: RegionLeases;
  let http: RegionLeaseHttp;
  let port: number;
  beforeEach(async () => {
    leases = memoryRegionLeases(6_000);
    await leases.open(EAST, RequestId.parse('R-1'));
    const renew: RegionLeases['renew'] = (...args) => leases.renew(...args);
    http = regionLeaseHttp({
      ...{ port: 0, host: '127.0.0.1', secrets: SECRETS, leases: { renew }, clock: systemClock },
      ...{ log: createLogger('test', 'silent'), renewWithinMs: 100, aSecond: 20 },
    });
    ({ port } = await http.start());
  });
  afterEach(() => http.stop());

  const ask = async (
    region: string,
    secret: string | undefined,
    body: unknown = { instance: 'pod-1' },
    headers: Record<string, string> = {},
  ) => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/region-leases/${region}/renew`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        ...headers,
      },
    });
    const { status } = answer;
    return { status, body: (await answer.json()) as Record<string, unknown>, again: answer.headers.get('retry-after') };
  };

  it('grants while it is open, under either secret of the region, and says for how long', async () => {
    for (const secret of SECRETS.get(EAST) ?? []) {
      const { status, body } = await ask(EAST, secret);
      expect([status, body]).toEqual([200, { granted: true, ttlMs: 6_000, fence: 1 }]);
    }
    expect(await leases.read(EAST)).toMatchObject({ renewals: 2, instances: ['pod-1'] });
  });

  it('says plainly that a closed lease is not granted', async () => {
    await leases.close(EAST, RequestId.parse('R-2'));
    expect(await ask(EAST, 'the-secret-of-the-east')).toMatchObject({ status: 200, body: { granted: false } });
    expect(await ask(WEST, 'the-secret-of-the-west')).toMatchObject({ status: 200, body: { granted: false } });
  });

  it('takes one region’s secret for no other region, and nothing else for a secret', async () => {
    const other = await ask(EAST, 'the-secret-of-the-west');
    expect(other).toMatchObject({ status: 403, body: { error: 'this is the secret of us-west-2, not of us-east-1' } });
    for (const secret of [undefined, '', 'the-secret-of-the-eas', 'the-secret-of-the-east2']) {
      expect((await ask(EAST, secret)).status).toBe(401);
    }
    expect((await ask(EAST, undefined, {}, { authorization: 'Basic the-secret-of-the-east' })).status).toBe(401);
    expect(await leases.read(EAST)).toMatchObject({ renewals: 0 });
  });

  it('knows only the regions that have a secret, and tells so only to who has one', async () => {
    expect((await ask('eu-west-1', 'the-secret-of-the-east')).status).toBe(404);
    expect((await ask('..%2f..', 'the-secret-of-the-east')).status).toBe(404);
    expect((await ask('eu-west-1', 'wrong')).status).toBe(401);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  it.each([
    [400, {}],
    [400, { instance: '' }],
    [400, { instance: 'two words' }],
    [400, { instance: 'pod-1', more: 1 }],
    [400, '{"instance"'],
    [413, { instance: 'x'.repeat(2_000) }],
  ])('answers %i to what is no renewal, and keeps nothing of it', async (status, body) => {
    expect((await ask(EAST, 'the-secret-of-the-east', body)).status).toBe(status);
    expect(await leases.read(EAST)).toMatchObject({ renewals: 0 });
  });

  it('holds up a region that asks too often, and no other', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(EAST, 'the-secret-of-the-east')));
    const held = answers.filter(({ status }) => status === 429);
    expect(held.length).toBeGreaterThan(5);
    expect(held[0]?.again).toBe('1');
    expect((await ask(WEST, 'the-secret-of-the-west')).status).toBe(200);
  });

  it('says 503 when the control store does not answer, refuses us, or takes too long', async () => {
    const silent = new DrError('STORE_UNAVAILABLE', 'transient', 'The control store does not answer.');
    const refused = new DrError('STORE_UNAVAILABLE', 'permanent', 'The control store refused.');
    const failures = [
      () => Promise.reject(silent),
      () => Promise.reject(refused),
      () => new Promise<never>(() => undefined),
    ];
    for (const renew of failures) {
      leases = { ...leases, renew };
      expect(await ask(EAST, 'the-secret-of-the-east')).toMatchObject({ status: 503, again: '1' });
    }
  });
});
