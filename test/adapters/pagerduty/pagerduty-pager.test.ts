import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagerDuty } from '#adapters/pagerduty';
import type { SicknessInput } from '#sandbox/hostile';
import { accountPeople, type PagerDuty, type PagerDutyOptionsInput, startPagerDuty } from '#sandbox/pagerduty';
import { ON_CALL, pageFor, pagerContract } from '../../contract/pager.contract.ts';

const FROM = 'alex.chen@eld.example';
const start = (more: Partial<PagerDutyOptionsInput> = {}): Promise<PagerDuty> =>
  startPagerDuty({ people: accountPeople, onCall: [ON_CALL], ...more });

const pagerOf = (service: PagerDuty, more: Partial<Parameters<typeof pagerDuty>[0]> = {}) =>
  pagerDuty({
    eventsUrl: service.url,
    apiUrl: service.url,
    routingKey: service.routingKey,
    token: service.accountToken,
    from: FROM,
    ...more,
  });

/** A server that is no PagerDuty, and what paths it was asked for. */
async function serve(answer: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url).replace(/[?].*/, ''));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, close: () => void server.close() };
}

describe('the pager on PagerDuty', () => {
  pagerContract(async () => {
    const service = await start();
    return {
      pager: pagerOf(service),
      tokenless: pagerOf(service, { token: undefined }),
      rings: (key) => service.notifications.filter((each) => each.key === key).map(({ user }) => user),
      settled: () => service.settled(),
      acknowledgeAs: (key, user) => service.as(user).acknowledge(key),
      loseAnswer: () => service.break({ kind: 'lost_answer' }),
      limit: (retryAfterSeconds) => service.break({ kind: 'rate_limit', retryAfterSeconds }),
      setAlive: (alive) => (alive ? service.mend() : service.break({ kind: 'hang_up', count: 1_000 })),
      close: () => service.stop(),
    };
  });

  describe('besides', () => {
    let service: PagerDuty;
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());

    const unavailable = { code: 'PAGER_UNAVAILABLE', kind: 'transient' };
    const sicknesses: readonly [string, SicknessInput, object][] = [
      ['that says 503', { kind: 'status', status: 503 }, unavailable],
      ['that answers with garbage', { kind: 'garbage' }, unavailable],
      ['that speaks no HTTP', { kind: 'not_http' }, unavailable],
      ['that sends 10 MB', { kind: 'huge', megabytes: 10 }, unavailable],
      ['that sends without end', { kind: 'huge', megabytes: 100_000 }, unavailable],
      ['that hangs up', { kind: 'hang_up' }, unavailable],
      [
        'that refuses without a word',
        { kind: 'garbage', status: 400 },
        { code: 'PAGER_REFUSED', data: { status: 400 } },
      ],
      ['that is silent', { kind: 'silence' }, unavailable],
      ['that answers byte by byte', { kind: 'slow_bytes', everyMs: 20 }, unavailable],
    ];
    it.each(sicknesses)(
      'a service %s is told of within the deadline, and asked once',
      async (_, sickness, expected) => {
        const endless = sickness.kind === 'silence' || sickness.kind === 'slow_bytes';
        const pager = pagerOf(service, endless ? { timeoutMs: 250 } : {});
        for (const ask of [() => pager.resolve('k'), () => pager.incidents(['k'])]) {
          // It strikes one request: a second one would go well.
          service.break(sickness);
          const startedAt = performance.now();
          await expect(ask()).rejects.toMatchObject(expected);
          expect(performance.now() - startedAt).toBeLessThan(endless ? 1_500 : 4_000);
          service.mend();
        }
      },
    );

    it('waits half a minute after a refusal that names no time, and no longer than two whatever it names', async () => {
      service.break({ kind: 'rate_limit' });
      await expect(pagerOf(service).resolve('k')).rejects.toMatchObject({ data: { retryAfterMs: 30_000 } });
      service.break({ kind: 'rate_limit', retryAfterSeconds: 86_400 });
      await expect(pagerOf(service).resolve('k')).rejects.toMatchObject({ data: { retryAfterMs: 120_000 } });
    });

    it('does not take a token to where it is sent', async () => {
      const elsewhere = await serve((_request, response) => response.end('{"incidents":[]}'));
      // pdjs believes that all its connections are encrypted, so it would follow there and take the token along.
      service.break({ kind: 'redirect', to: `${elsewhere.url.replace('http:', 'https:')}/incidents` });
      await expect(pagerOf(service).incidents(['k'])).rejects.toMatchObject({
        code: 'PAGER_REFUSED',
        data: { status: 302 },
        hint: expect.stringContaining('PAGERDUTY_API_URL'),
      });
      expect(elsewhere.asked).toEqual([]);
      elsewhere.close();
    });

    it('does not count people as called when what came is not PagerDuty’s answer', async () => {
      await pagerOf(service).trigger(pageFor('garbled'));
      await service.settled();
      service.break({ kind: 'garbage', part: 'responders' });
      await expect(pagerOf(service).callAlso('garbled', ['PALXCHEN'])).rejects.toMatchObject(unavailable);
      expect(await pagerOf(service).callAlso('garbled', ['PALXCHEN'])).toBe(true);
      expect(service.notifications.filter(({ user }) => user === 'PALXCHEN')).toHaveLength(1);
    });

    it('takes its own secrets out of what is said about a refusal', async () => {
      const gossip = await serve((request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', () => {
          const message = `No: ${request.headers.authorization ?? ''} ${body}`;
          response.writeHead(400).end(JSON.stringify({ error: { message, code: 2001 } }));
        });
      });
      const pager = pagerOf(service, { eventsUrl: gossip.url, apiUrl: gossip.url });
      for (const ask of [() => pager.resolve('k'), () => pager.incidents(['k'])]) {
        const error = await ask().then(
          () => undefined,
          (thrown: Error) => thrown,
        );
        expect(error?.message).toContain('[secret]');
        expect(error?.message).not.toMatch(new RegExp(`${service.routingKey}|${service.accountToken}`));
      }
      gossip.close();
    });

    it('says nothing secret, whatever is refused', async () => {
      const routingKey = 'a-key-that-is-as-long-as-one-is!';
      const pager = pagerOf(service, { routingKey, token: 'a-token-of-nobody' });
      for (const ask of [pager.trigger(pageFor('k')), pager.incidents(['k']), pager.callAlso('k', [ON_CALL])]) {
        const error = await ask.then(
          () => undefined,
          (thrown: Error & { cause?: unknown; data?: unknown }) => thrown,
        );
        expect(error).toMatchObject({ code: 'PAGER_REFUSED', kind: 'permanent' });
        const all = JSON.stringify([error?.message, error?.stack, error?.data, String(error?.cause)]);
        expect(all).not.toMatch(/a-key-that|a-token-of/);
      }
      await expect(pagerOf(service, { token: 'a-token-of-nobody' }).check()).rejects.toMatchObject({
        hint: expect.stringContaining('PAGERDUTY_TOKEN'),
      });
    });

    it('cuts what is too long, in whole characters, so that the page is taken', async () => {
      await pagerOf(service).trigger({
        ...pageFor('long', '🚨'.repeat(2_000)),
        details: Array.from({ length: 100 }, (_, index) => [`d${index}`, 'ä'.repeat(9_000)] as const),
      });
      await service.settled();
      const [incident] = service.incidents.filter(({ key }) => key === 'long');
      expect([...(incident?.title ?? '')]).toHaveLength(1_024);
      expect(incident?.title.endsWith('🚨...')).toBe(true);
    });

    it('tells the reader everything of the page, in order', async () => {
      await pagerOf(service).trigger(pageFor('whole'));
      await service.settled();
      const [incident] = service.incidents.filter(({ key }) => key === 'whole');
      expect(incident).toMatchObject({
        severity: 'critical',
        source: 'us-east-1',
        links: [{ href: 'https://hf.example/i/17', text: 'Thread' }],
      });
      expect(Object.entries(incident?.details ?? {})).toEqual([
        ['Incident', 'INC-17'],
        ['What', 'us-east-1 database has no primary'],
        ['Since', '08:02:10 UTC'],
      ]);
    });

    it('is asked behind a path prefix, with or without a slash at its end', async () => {
      const proxy = await serve((_request, response) => response.end('{"status":"success","incidents":[]}'));
      const pager = pagerOf(service, { eventsUrl: `${proxy.url}/events/`, apiUrl: `${proxy.url}/rest` });
      await pager.resolve('k');
      expect(await pager.incidents(['k'])).toEqual([]);
      expect(proxy.asked).toEqual(['/events/v2/enqueue', '/rest/incidents']);
      proxy.close();
    });

    it('acts in the name of whose token it is, and needs a name with the account’s', async () => {
      const own = await start({ userTokens: { 'token-of-jane': 'PJANEDOE' } });
      await pagerOf(own).trigger(pageFor('k'));
      await own.settled();
      expect(await pagerOf(own, { token: 'token-of-jane', from: undefined }).callAlso('k', ['PALXCHEN'])).toBe(true);
      const nameless = pagerOf(own, { from: undefined });
      const hint = expect.stringContaining('PAGERDUTY_FROM');
      await expect(nameless.callAlso('k', ['PLBROWN1'])).rejects.toMatchObject({ code: 'PAGER_REFUSED', hint });
      await expect(nameless.check()).rejects.toMatchObject({ code: 'PAGER_REFUSED', hint });
      const nobody = pagerOf(own, { from: 'nobody@eld.example' });
      await expect(nobody.check()).rejects.toMatchObject({ code: 'PAGER_REFUSED', hint });
      const readOnly = pagerOf(own, { token: own.readOnlyToken });
      await expect(readOnly.callAlso('k', ['PLBROWN1'])).rejects.toMatchObject({
        data: { status: 403 },
        hint: expect.stringContaining('write access'),
      });
      expect(own.notifications.map(({ user }) => user)).toEqual([ON_CALL, 'PALXCHEN']);
      await own.stop();
    });

    it('finds an incident that is older than a month', async () => {
      let now = Date.parse('2026-09-01T00:00:00Z');
      const old = await startPagerDuty({ people: accountPeople }, () => now);
      await pagerOf(old).trigger(pageFor('k'));
      await old.settled();
      now += 60 * 86_400_000;
      expect(await pagerOf(old).incidents(['k'])).toMatchObject([{ key: 'k', state: 'triggered' }]);
      await old.stop();
    });

    it('calls nobody without a key, and says which one is missing', async () => {
      await expect(pagerOf(service, { routingKey: undefined }).trigger(pageFor('k'))).rejects.toMatchObject({
        code: 'PAGER_REFUSED',
        hint: expect.stringContaining('PAGERDUTY_ROUTING_KEY'),
      });
    });
  });
});
