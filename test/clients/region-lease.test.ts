import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepRegionLease, type LeaseFetch } from '../../clients/region-lease.ts';

const TTL = 6_000;
const granted = { status: 200, json: async () => ({ granted: true, ttlMs: TTL, fence: 1 }) };
const closed = { status: 200, json: async () => ({ granted: false }) };
const settings = { urls: ['http://a', 'http://b'], region: 'us-east-1', instance: 'pod-1', secret: 'secret' };

describe('a kept region lease, by a clock that only we move', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('may write from the first grant on, and for no longer than the lease when nobody answers any more', async () => {
    let answers = true;
    const fetch: LeaseFetch = async () => (answers ? granted : Promise.reject(new Error('nobody')));
    const lease = keepRegionLease({ ...settings, fetch });
    expect(lease.mayWrite()).toBe(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(lease.mayWrite()).toBe(true);
    answers = false;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(lease.mayWrite()).toBe(true);
    await vi.advanceTimersByTimeAsync(2_001);
    expect(lease.mayWrite()).toBe(false);
    answers = true;
    await vi.advanceTimersByTimeAsync(600);
    expect(lease.mayWrite()).toBe(true);
    lease.stop();
    expect(lease.mayWrite()).toBe(false);
  });

  it('ends at once when it is refused, and begins again soon after it is opened', async () => {
    let answer = granted as Awaited<ReturnType<LeaseFetch>>;
    const lease = keepRegionLease({ ...settings, fetch: async () => answer });
    await vi.advanceTimersByTimeAsync(100);
    answer = closed;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lease.mayWrite()).toBe(false);
    answer = granted;
    await vi.advanceTimersByTimeAsync(600);
    expect(lease.mayWrite()).toBe(true);
    lease.stop();
  });

  it('asks the next place when one hangs or is ill, in time for the lease to go on', async () => {
    const asked: string[] = [];
    const fetch: LeaseFetch = async (url, { signal }) => {
      asked.push(url);
      if (url.startsWith('http://a')) return new Promise((_, reject) => signal.addEventListener('abort', reject));
      if (url.startsWith('http://b')) return { status: 503, json: async () => ({ error: 'no store' }) };
      return granted;
    };
    const troubles: string[] = [];
    const lease = keepRegionLease({
      ...settings,
      ...{ urls: ['http://a', 'http://b', 'http://c/'], fetch, onTrouble: (what: string) => troubles.push(what) },
    });
    await vi.advanceTimersByTimeAsync(2_001);
    expect(lease.mayWrite()).toBe(true);
    expect(asked.at(-1)).toBe('http://c/v1/region-leases/us-east-1/renew');
    expect(troubles[0]).toContain('no answer in 2000 ms');
    expect(troubles[1]).toContain('503 no store');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked.filter((url) => url.startsWith('http://a'))).toHaveLength(1);
    lease.stop();
  });

  it.each([
    { granted: true },
    { granted: true, ttlMs: -1 },
    { granted: true, ttlMs: 1e9 },
    { granted: 'yes', ttlMs: TTL },
    {},
  ])('takes %j for no grant', async (body) => {
    const lease = keepRegionLease({ ...settings, fetch: async () => ({ status: 200, json: async () => body }) });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lease.mayWrite()).toBe(false);
    lease.stop();
  });

  const answering = fc.record({
    /** How long the answer takes, in ms; more than a try has: it hangs. */
    tookMs: fc.integer({ min: 0, max: 4_000 }),
    says: fc.constantFrom<'granted' | 'closed' | 'ill' | 'breaks off'>(
      'granted',
      'granted',
      'granted',
      'closed',
      'ill',
      'breaks off',
    ),
    passMs: fc.integer({ min: 1, max: 3_000 }),
  });

  it('never may write longer than a lease after the last asking that was granted, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answering, { minLength: 1, maxLength: 30 }), async (script) => {
        let at = 0;
        /** When what was granted last had been asked for. */
        let askedAt = Number.NEGATIVE_INFINITY;
        const fetch: LeaseFetch = async () => {
          const beforeAsking = performance.now();
          const { tookMs, says } = script[at % script.length] ?? { tookMs: 0, says: 'ill' };
          await new Promise((resolve) => setTimeout(resolve, tookMs));
          if (says === 'breaks off') throw new Error('broken');
          if (says === 'ill') return { status: 503, json: async () => ({}) };
          if (says === 'closed') return closed;
          askedAt = Math.max(askedAt, beforeAsking);
          return granted;
        };
        const lease = keepRegionLease({ ...settings, fetch });
        for (; at < script.length; at += 1) {
          await vi.advanceTimersByTimeAsync(script[at]?.passMs ?? 0);
          if (lease.mayWrite()) expect(performance.now() - askedAt).toBeLessThan(TTL);
        }
        lease.stop();
        await vi.advanceTimersByTimeAsync(5_000);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a kept region lease over a real socket', () => {
  it('sends what is documented, and survives a server that breaks off in the middle of its answer', async () => {
    const seen: unknown[] = [];
    let breaksOff = true;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers.authorization, JSON.parse(body)]);
        response.writeHead(200, { 'content-type': 'application/json' });
        if (!breaksOff) return response.end(JSON.stringify({ granted: true, ttlMs: TTL, fence: 1 }));
        breaksOff = false;
        response.write('{"granted"');
        return setImmediate(() => response.destroy());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const lease = keepRegionLease({ ...settings, urls: [url] });
    await vi.waitUntil(() => lease.mayWrite(), { timeout: 5_000 });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual(['POST', '/v1/region-leases/us-east-1/renew', 'Bearer secret', { instance: 'pod-1' }]);
    lease.stop();
    await new Promise((resolve) => server.close(resolve));
  });
});
