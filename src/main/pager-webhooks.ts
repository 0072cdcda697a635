import { pagerDutyWebhooks } from '#adapters/pagerduty-webhooks';
import { DrError } from '#core';
import { onPagerEvent, type PagerEvent } from '#incidents';
import type { PagerDelivery } from '#ports';
import type { Holdfast } from './open-holdfast.ts';

/**
 * Listens for what people do in PagerDuty, where the environment names a port for it; without one the comparison every 30 s
 * finds the same later. Returns how to stop. Throws CONFIG_INVALID (user) for a port without a secret to check by.
 */
export async function startPagerWebhooks({ config, flow, logger }: Holdfast): Promise<() => Promise<void>> {
  const { webhookPort, pagerdutyWebhookSecrets: secrets } = config;
  if (webhookPort === undefined) return async () => undefined;
  if (!secrets) {
    throw new DrError('CONFIG_INVALID', 'user', 'HOLDFAST_WEBHOOK_PORT needs PAGERDUTY_WEBHOOK_SECRET.', {
      hint: 'PagerDuty shows the secret once, when the webhook is made.',
    });
  }
  const webhooks = pagerDutyWebhooks({
    port: webhookPort,
    // what terminates TLS stands before it
    host: '127.0.0.1',
    secrets: secrets.map((secret) => secret.reveal()),
    keep: async (delivery) => {
      const event = eventOf(delivery);
      if (event) await onPagerEvent(flow.incidents, event);
    },
    clock: flow.clock,
    log: logger,
  });
  await webhooks.start();
  return () => webhooks.stop();
}

const TYPES: Readonly<Record<string, PagerEvent['type']>> = {
  'incident.triggered': 'triggered',
  'incident.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'unacknowledged',
  'incident.resolved': 'resolved',
};

/** Undefined: nothing that an incident of ours hears, such as somebody's answer to a call. */
function eventOf({ id, type, occurredAt, incident, who }: PagerDelivery): PagerEvent | undefined {
  if (incident.key === undefined) return undefined;
  return { id, type: TYPES[type] ?? 'other', occurredAt, key: incident.key, user: who };
}
