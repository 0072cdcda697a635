import { notifyGateway } from '#adapters/notify-gateway';
import { pagerDuty } from '#adapters/pagerduty';
import { pingWebhooks } from '#adapters/pagerduty-webhooks';
import type { Config } from '#config';
import { systemClock } from '#core';
import type { NotifierKind } from '#ports';
import { type Check, wrong } from './check.ts';

/** Below doctor's own deadline, so that it is said what was waited for. */
const WITHIN_MS = 5_000;

/** The ways by which people are woken: PagerDuty there and back, and the gateways beside it. */
export const pagingChecks = (config: Config): Check[] => [
  keyCheck(config),
  tokenCheck(config),
  webhookCheck(config),
  gatewayCheck(config),
];

const pagerOf = ({ pagerdutyEventsUrl, pagerdutyApiUrl, pagerdutyFrom }: Config, key?: string, token?: string) =>
  pagerDuty({
    eventsUrl: pagerdutyEventsUrl,
    apiUrl: pagerdutyApiUrl,
    routingKey: key,
    token,
    from: pagerdutyFrom,
    timeoutMs: WITHIN_MS,
  });

function keyCheck(config: Config): Check {
  return {
    name: 'PagerDuty events',
    fix: "Take the integration key (Events API v2) of the plan's service in PagerDuty for PAGERDUTY_ROUTING_KEY.",
    look: async () => {
      const key = config.pagerdutyRoutingKey?.reveal();
      if (key === undefined) throw wrong('PAGERDUTY_ROUTING_KEY is not set: PagerDuty pages nobody.');
      await pagerOf(config, key).check();
      return 'takes our key';
    },
  };
}

function tokenCheck(config: Config): Check {
  return {
    name: 'PagerDuty REST',
    fix: 'Make an API key with write access in PagerDuty for PAGERDUTY_TOKEN.',
    look: async () => {
      const token = config.pagerdutyToken?.reveal();
      if (token === undefined) {
        throw wrong(
          'PAGERDUTY_TOKEN is not set: nobody is called besides those on call, and no missed answer is found.',
        );
      }
      await pagerOf(config, undefined, token).check();
      return config.pagerdutyFrom === undefined
        ? "takes our token, a person's"
        : `takes our token, as ${config.pagerdutyFrom}`;
    },
  };
}

function webhookCheck({ pagerdutyWebhookSecrets: secrets, webhookPort: port }: Config): Check {
  return {
    name: 'PagerDuty webhooks',
    fix: 'Add a v3 webhook for the service in PagerDuty that leads to /pagerduty; its secret is PAGERDUTY_WEBHOOK_SECRET.',
    look: async () => {
      const [secret, old] = secrets ?? [];
      if (secret === undefined)
        throw wrong('PAGERDUTY_WEBHOOK_SECRET is not set: an acknowledgement there is seen late.');
      if (port === undefined) throw wrong('Nobody listens for them.', 'Set HOLDFAST_WEBHOOK_PORT.');
      const answer = await pingWebhooks({ port, secret: secret.reveal(), timeoutMs: WITHIN_MS });
      if (answer === 'nobody') {
        throw wrong(`Nobody listens on port ${port} of this machine.`, 'Start Holdfast here, or look where it runs.');
      }
      if (answer === 'refused') {
        throw wrong('The process that listens has another secret.', 'Start it again with this environment.');
      }
      const changing =
        old === undefined ? '' : '; two secrets count, take the old one out when PagerDuty has the new one';
      return `our listener on port ${port} takes what is signed with the secret${changing}`;
    },
  };
}

function gatewayCheck({ smsUri, voiceUri, emailUri, notifyWebhookUri, gatewaySecret }: Config): Check {
  const addresses = { sms: smsUri, voice: voiceUri, email: emailUri, webhook: notifyWebhookUri };
  const gateways = (Object.keys(addresses) as NotifierKind[]).flatMap((kind) => {
    const url = addresses[kind]?.reveal();
    return url === undefined ? [] : [{ kind, url }];
  });
  return {
    name: 'gateways',
    fix: 'docs/notify-gateway.md says what a gateway has to speak.',
    look: async () => {
      if (gateways.length === 0) {
        const without = 'No gateway is set: while PagerDuty is away, people are only called in Slack.';
        throw wrong(without, 'Set HOLDFAST_SMS_URL or another one; docs/notify-gateway.md says what it has to speak.');
      }
      if (!gatewaySecret) {
        throw wrong('HOLDFAST_GATEWAY_SECRET is not set.', 'Set it here and at the gateways: openssl rand -hex 32');
      }
      const secret = gatewaySecret.reveal();
      const asked = await Promise.allSettled(
        gateways.map((to) => notifyGateway({ ...to, secret, clock: systemClock, timeoutMs: WITHIN_MS }).check()),
      );
      const sick = asked.find((answer) => answer.status === 'rejected');
      if (sick) throw sick.reason;
      return `${gateways.map(({ kind }) => kind).join(', ')} answer`;
    },
  };
}
