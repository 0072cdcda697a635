import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagerDutyWebhooks } from '#adapters/pagerduty-webhooks';
import { loadConfig } from '#config';
import { createLogger, systemClock } from '#core';
import type { PagerIntake } from '#ports';
import { accountPeople, type PagerDuty, startPagerDuty } from '#sandbox/pagerduty';
import { type Phones, startPhones } from '#sandbox/phones';
import { lookAtAll } from '../../src/terminal/doctor/check.ts';
import { pagingChecks } from '../../src/terminal/doctor/paging-checks.ts';

describe('dr doctor asks what wakes people', () => {
  let service: PagerDuty;
  let phones: Phones;
  let intake: PagerIntake;
  let well: Record<string, string>;
  let kept = 0;

  beforeAll(async () => {
    service = await startPagerDuty({ people: accountPeople });
    phones = await startPhones();
    intake = pagerDutyWebhooks({
      port: 0,
      host: '127.0.0.1',
      secrets: ['webhook-secret'],
      keep: async () => {
        kept += 1;
      },
      clock: systemClock,
      log: createLogger('test', 'silent'),
    });
    const { port } = await intake.start();
    well = {
      PAGERDUTY_EVENTS_URL: service.url,
      PAGERDUTY_API_URL: service.url,
      PAGERDUTY_ROUTING_KEY: service.routingKey,
      PAGERDUTY_TOKEN: service.accountToken,
      PAGERDUTY_FROM: 'john.smith@eld.example',
      PAGERDUTY_WEBHOOK_SECRET: 'webhook-secret',
      HOLDFAST_WEBHOOK_PORT: String(port),
      HOLDFAST_SMS_URL: phones.urls.sms,
      HOLDFAST_VOICE_URL: phones.urls.voice,
      HOLDFAST_GATEWAY_SECRET: phones.secret,
    };
  });
  afterAll(async () => {
    await Promise.all([service.stop(), phones.stop(), intake.stop()]);
  });

  const look = (change: Record<string, string> = {}) =>
    lookAtAll(pagingChecks(loadConfig([], { ...well, ...change })), systemClock);
  const wrongs = async (change: Record<string, string>) =>
    (await look(change)).flatMap((finding) =>
      finding.state === 'WRONG' ? [`${finding.name}: ${finding.words} ${finding.fix}`] : [],
    );

  it('and everything answers, without anybody being woken', async () => {
    expect((await look()).map(({ name, state, words }) => `${state} ${name}: ${words}`)).toEqual([
      'OK PagerDuty events: takes our key',
      'OK PagerDuty REST: takes our token, as john.smith@eld.example',
      expect.stringMatching(/^OK PagerDuty webhooks: our listener on port \d+ takes what is signed with the secret$/),
      'OK gateways: sms, voice answer',
    ]);
    expect([kept, phones.received.length, service.incidents.length]).toEqual([0, 0, 0]);
  });

  it('and says of everything that is missing what it costs, and how it is mended', async () => {
    const nothing = Object.fromEntries(Object.keys(well).map((name) => [name, '']));
    expect(await wrongs({ ...nothing, PAGERDUTY_EVENTS_URL: service.url, PAGERDUTY_API_URL: service.url })).toEqual([
      expect.stringMatching(/^PagerDuty events: .*pages nobody\. .*integration key/),
      expect.stringMatching(/^PagerDuty REST: PAGERDUTY_TOKEN is not set: nobody is called besides/),
      expect.stringMatching(/^PagerDuty webhooks: .*seen late\. .*v3 webhook/),
      expect.stringMatching(/^gateways: No gateway is set: .*HOLDFAST_SMS_URL/),
    ]);
  });

  it.each([
    [{ PAGERDUTY_ROUTING_KEY: 'x'.repeat(32) }, /^PagerDuty events: PagerDuty refused: 400 .*Invalid routing key/],
    [{ PAGERDUTY_TOKEN: 'nobody-s' }, /^PagerDuty REST: PagerDuty refused: 401 .*PAGERDUTY_TOKEN/],
    [{ PAGERDUTY_FROM: 'nobody@eld.example' }, /^PagerDuty REST: PagerDuty knows no user .*PAGERDUTY_FROM/],
    [{ PAGERDUTY_EVENTS_URL: 'http://127.0.0.1:1' }, /^PagerDuty events: PagerDuty does not answer: ECONNREFUSED/],
    [{ PAGERDUTY_WEBHOOK_SECRET: 'another' }, /^PagerDuty webhooks: The process that listens has another secret/],
    [{ HOLDFAST_WEBHOOK_PORT: '1' }, /^PagerDuty webhooks: Nobody listens on port 1/],
    [{ HOLDFAST_WEBHOOK_PORT: '' }, /^PagerDuty webhooks: .*HOLDFAST_WEBHOOK_PORT/],
    [{ HOLDFAST_GATEWAY_SECRET: 'another' }, /^gateways: The sms gateway refused: 401 .*HOLDFAST_GATEWAY_SECRET/],
    [{ HOLDFAST_VOICE_URL: 'http://127.0.0.1:1' }, /^gateways: The voice gateway does not answer/],
    [{ HOLDFAST_GATEWAY_SECRET: '' }, /^gateways: HOLDFAST_GATEWAY_SECRET is not set/],
  ])('and finds what is wrong alone: %o', async (change, expected) => {
    expect(await wrongs(change as unknown as Record<string, string>)).toEqual([expect.stringMatching(expected)]);
  });
});
