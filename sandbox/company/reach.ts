import { join } from 'node:path';
import { accountPeople, type PagerDuty, startPagerDuty } from '#sandbox/pagerduty';
import { type Phones, startPhones } from '#sandbox/phones';

/** What reaches the company's people besides Slack. */
export interface Reach {
  readonly pagerDuty: PagerDuty;
  readonly phones: Phones;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** An account at PagerDuty, and a gateway to everybody's telephone. */
export async function startReach(dir: string): Promise<Reach> {
  const [pagerDuty, phones] = await Promise.all([
    startPagerDuty({ people: accountPeople, folder: join(dir, 'pagerduty') }),
    startPhones(),
  ]);
  return {
    pagerDuty,
    phones,
    env: {
      PAGERDUTY_EVENTS_URL: pagerDuty.url,
      PAGERDUTY_API_URL: pagerDuty.url,
      PAGERDUTY_TOKEN: pagerDuty.accountToken,
      PAGERDUTY_FROM: accountPeople[0]?.email ?? '',
      PAGERDUTY_ROUTING_KEY: pagerDuty.routingKey,
      HOLDFAST_SMS_URL: phones.urls.sms,
      HOLDFAST_VOICE_URL: phones.urls.voice,
      HOLDFAST_GATEWAY_SECRET: phones.secret,
    },
    stop: async () => {
      await Promise.all([pagerDuty.stop(), phones.stop()]);
    },
  };
}
