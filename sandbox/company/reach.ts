import { join } from 'node:path';
import { accountPeople, type PagerDuty, startPagerDuty } from '#sandbox/pagerduty';
import { type Phones, startPhones } from '#sandbox/phones';
import { freePort } from '#sandbox/servers';
import { WEST } from './regions.ts';

const WEBHOOK_SECRET = 'sandbox-webhook-secret';

/** What reaches the company's people besides Slack. */
export interface Reach {
  readonly pagerDuty: PagerDuty;
  readonly phones: Phones;
  readonly env: Readonly<Record<string, string>>;
  /** What one process of Holdfast listens on for PagerDuty, and where it runs. */
  readonly webhook: { readonly port: number; readonly region: string };
  /** What one process of Holdfast has besides. */
  readonly envOf: (process: { readonly role: string; readonly region: string }) => Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** An account at PagerDuty, and a gateway to everybody's telephone. */
export async function startReach(dir: string): Promise<Reach> {
  const webhookPort = await freePort();
  const webhook = { url: `http://127.0.0.1:${webhookPort}/pagerduty`, secrets: [WEBHOOK_SECRET] };
  const [pagerDuty, phones] = await Promise.all([
    startPagerDuty({ people: accountPeople, folder: join(dir, 'pagerduty'), webhook }),
    startPhones(),
  ]);
  return {
    pagerDuty,
    phones,
    webhook: { port: webhookPort, region: WEST },
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
    // webhooks go to one address; while nobody is there the comparison with PagerDuty makes it good
    envOf: ({ role, region }) =>
      role === 'all' && region === WEST
        ? { HOLDFAST_WEBHOOK_PORT: String(webhookPort), PAGERDUTY_WEBHOOK_SECRET: WEBHOOK_SECRET }
        : {},
    stop: async () => {
      await Promise.all([pagerDuty.stop(), phones.stop()]);
    },
  };
}
