import { notifyGateway } from '#adapters/notify-gateway';
import { pagerDuty } from '#adapters/pagerduty';
import type { Config } from '#config';
import { type Clock, DrError } from '#core';
import type { Notifier, NotifierKind, Pager } from '#ports';

/** Every way to reach people besides Slack. */
export interface WaysToPeople {
  /** Undefined where the environment has no integration key: pages then go the other ways at once. */
  readonly pager: Pager | undefined;
  readonly notifiers: readonly Notifier[];
}

/** Opens what the environment names. Throws CONFIG_INVALID (user) for a gateway without the secret that it knows us by. */
export function openWaysToPeople(config: Config, clock: Clock): WaysToPeople {
  const { pagerdutyRoutingKey, pagerdutyToken, pagerdutyFrom } = config;
  const pager =
    pagerdutyRoutingKey &&
    pagerDuty({
      eventsUrl: config.pagerdutyEventsUrl,
      apiUrl: config.pagerdutyApiUrl,
      routingKey: pagerdutyRoutingKey.reveal(),
      token: pagerdutyToken?.reveal(),
      from: pagerdutyFrom,
    });
  const gateways = {
    sms: config.smsUri,
    voice: config.voiceUri,
    email: config.emailUri,
    webhook: config.notifyWebhookUri,
  };
  const notifiers = Object.entries(gateways).flatMap(([kind, uri]): Notifier[] =>
    uri ? [notifyGateway({ kind: kind as NotifierKind, url: uri.reveal(), secret: secretOf(config), clock })] : [],
  );
  return { pager, notifiers };
}

function secretOf({ gatewaySecret }: Config): string {
  if (gatewaySecret) return gatewaySecret.reveal();
  throw new DrError('CONFIG_INVALID', 'user', 'A gateway is set, and no HOLDFAST_GATEWAY_SECRET to sign with.', {
    hint: 'Give both sides the same secret: docs/notify-gateway.md.',
  });
}
