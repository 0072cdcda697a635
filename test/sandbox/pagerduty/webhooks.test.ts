import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pagerDuty as pagerDutyPager } from '#adapters/pagerduty';
import { pagerDutyWebhooks } from '#adapters/pagerduty-webhooks';
import { createLogger, systemClock } from '#core';
import type { PagerDelivery } from '#ports';
import { accountPeople, type PagerDuty, startPagerDuty } from '#sandbox/pagerduty';
import { pageFor } from '../../contract/pager.contract.ts';

const SECRETS = ['the-secret-of-the-subscription'];

describe('webhooks of the PagerDuty double', () => {
  let service: PagerDuty;
  const start = async (webhookWithinMs: number): Promise<void> => {
    const limits = { webhookRetryAfterMs: [5, 5, 5, 5], webhookWithinMs, ingestAfterMs: 1 };
    service = await startPagerDuty({ people: accountPeople, limits });
  };
  afterEach(() => service.stop());

  const pager = () =>
    pagerDutyPager({
      eventsUrl: service.url,
      apiUrl: service.url,
      routingKey: service.routingKey,
      token: service.accountToken,
      from: 'john.smith@eld.example',
    });
  const act = async (key = 'k'): Promise<void> => {
    await pager().trigger(pageFor(key));
    await service.settled();
    service.as('PALXCHEN').acknowledge(key);
    service.as('PALXCHEN').resolve(key);
    await service.settled();
  };
  const types = (): string[] => service.webhooks.map(({ type }) => type);

  it('bring everything that people do there to our listener, in order', async () => {
    // Long enough that nothing is sent a second time on a machine that is busy.
    await start(10_000);
    const kept: PagerDelivery[] = [];
    const intake = pagerDutyWebhooks({
      port: 0,
      host: '127.0.0.1',
      secrets: SECRETS,
      keep: async (delivery) => void kept.push(delivery),
      clock: systemClock,
      log: createLogger('test', 'silent'),
    });
    const { port } = await intake.start();
    const url = `http://127.0.0.1:${port}/pagerduty`;
    service.useWebhook({ url, secrets: SECRETS });
    service.ping();
    await pager().trigger(pageFor('k'));
    await service.settled();
    await pager().callAlso('k', ['PJANEDOE']);
    service.as('PJANEDOE').reply('k', 'declined');
    service.as('PALXCHEN').acknowledge('k');
    service.as('PALXCHEN').unacknowledge('k');
    await pager().resolve('k');
    await service.settled();
    expect(kept.map(({ type, who, incident: { key, state }, answer }) => [type, who, key, state, answer])).toEqual([
      ['incident.triggered', undefined, 'k', 'triggered', undefined],
      ['incident.responder.added', 'PJANEDOE', undefined, undefined, 'pending'],
      ['incident.responder.replied', 'PJANEDOE', undefined, undefined, 'declined'],
      ['incident.acknowledged', 'PALXCHEN', 'k', 'acknowledged', undefined],
      ['incident.unacknowledged', 'PALXCHEN', 'k', 'triggered', undefined],
      ['incident.resolved', undefined, 'k', 'resolved', undefined],
    ]);
    expect(new Set(kept.map(({ incident }) => incident.id)).size).toBe(1);
    expect(intake.counts()).toMatchObject({ kept: 6, passedOver: 1, forged: 0 });
    service.useWebhook({ url, secrets: ['another-secret', ...SECRETS] });
    await act('rotating');
    service.useWebhook({ url, secrets: ['another-secret'] });
    await act('forged');
    expect(intake.counts()).toMatchObject({ kept: 9, forged: 3 });
    expect(service.webhooksDisabled).toBe(true);
    await intake.stop();
  });

  describe('to a listener that is not well', () => {
    let listener: Server;
    let answers: (number | 'silence')[];
    let arrived: string[];
    beforeEach(async () => {
      await start(1_000);
      answers = [];
      arrived = [];
      listener = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', () => {
          arrived.push(JSON.parse(body).event.event_type);
          const answer = answers.shift() ?? 202;
          if (answer !== 'silence') response.writeHead(answer).end();
        });
      });
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
      const { port } = listener.address() as AddressInfo;
      service.useWebhook({ url: `http://127.0.0.1:${port}/`, secrets: SECRETS });
    });
    afterEach(() => {
      listener.closeAllConnections();
      listener.close();
    });

    it('are sent up to five times, and those that follow wait meanwhile', async () => {
      answers = [500, 429, 'silence', 503, 202];
      await act();
      expect(service.webhooks[0]).toMatchObject({ state: 'delivered', tries: [500, 429, 0, 503, 202] });
      expect(arrived.slice(4)).toEqual(['incident.triggered', 'incident.acknowledged', 'incident.resolved']);
    });

    it('are dropped after five tries, and at once after a 4xx; three dropped in a row turn them off', async () => {
      answers = [500, 500, 500, 500, 500, 401, 404];
      await act();
      expect(service.webhooks.map(({ state, tries }) => [state, tries.length])).toEqual([
        ['dropped', 5],
        ['dropped', 1],
        ['dropped', 1],
      ]);
      expect(service.webhooksDisabled).toBe(true);
      await act('later');
      expect(arrived).toHaveLength(7);
    });

    it('are lost, come twice, or in another order, as ordered', async () => {
      service.breakWebhooks({ drop: 1 });
      await act('a');
      expect(arrived).toEqual(['incident.acknowledged', 'incident.resolved']);
      arrived = [];
      service.breakWebhooks({ twice: 1 });
      await act('b');
      expect(arrived.slice(0, 2)).toEqual(['incident.triggered', 'incident.triggered']);
      arrived = [];
      service.breakWebhooks({ overtaken: 1 });
      await act('c');
      expect(arrived).toEqual(['incident.acknowledged', 'incident.triggered', 'incident.resolved']);
      expect(types()).toHaveLength(8);
    });
  });
});
