import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { SickAnswers } from '#sandbox/hostile';
import { Account } from './account.ts';
import { controlServer } from './control.ts';
import { serveEvents } from './events-api.ts';
import { keep, readKept } from './keep.ts';
import { type PagerDuty, userOf } from './pager-duty.ts';
import { serveRest } from './rest-api.ts';
import { PagerDutyOptions, type PagerDutyOptionsInput } from './settings.ts';
import { pingEvent, webhookEvent } from './webhook-body.ts';
import { WebhookSender } from './webhook-sender.ts';

/**
 * Starts a PagerDuty account with one service on loopback: Events v2, a part of REST, v3 webhooks, and a control API.
 * `now` is its clock in milliseconds. @throws ZodError for bad options; Error when a port is taken.
 */
export async function startPagerDuty(options: PagerDutyOptionsInput, now: () => number = Date.now): Promise<PagerDuty> {
  const settings = PagerDutyOptions.parse(options);
  const server = fastify({ logger: false, forceCloseConnections: true });
  const account = new Account(settings, now, readKept(settings.folder));
  const sender = new WebhookSender(settings);
  const sick = new SickAnswers();
  sick.attach(server, partsOf);
  let url = '';
  const links = () => ({ apiUrl: url, settings });
  const events = serveEvents(server, { account, settings, now });
  serveRest(server, { account, settings, now, links });
  account.subscribe((change) => {
    const event = webhookEvent(links(), change);
    if (event) sender.send(event);
  });
  const stopKeeping = keep(account, settings.folder);
  url = await listen(server, settings.port);
  let stopped = false;

  const pagerDuty: PagerDuty = {
    url,
    get controlUrl() {
      return controlUrl;
    },
    routingKey: settings.routingKey,
    accountToken: settings.accountToken,
    readOnlyToken: settings.readOnlyToken,
    people: settings.people,
    get incidents() {
      return account.incidents;
    },
    get notifications() {
      return account.notifications;
    },
    webhooks: sender.sent,
    get webhooksDisabled() {
      return sender.disabled;
    },
    as: (user) => userOf(account, settings, user),
    useWebhook: (webhook) => sender.use(webhook),
    ping: () => sender.send(pingEvent(now())),
    break: (order) => sick.order(order),
    breakWebhooks: (faults) => {
      Object.assign(sender.faults, faults);
    },
    mend: () => {
      sick.clear();
      Object.assign(sender.faults, { drop: 0, twice: 0, overtaken: 0 });
    },
    settled: async () => {
      await events.settled();
      await sender.settled();
    },
    subscribe: (watcher) => account.subscribe(watcher),
    stop: async () => {
      if (stopped) return;
      stopped = true;
      events.stop();
      sender.stop();
      sick.clear();
      stopKeeping();
      await Promise.all([server.close(), control.close()]);
    },
  };
  const control = controlServer(pagerDuty);
  const controlUrl = await listen(control, settings.controlPort);
  return pagerDuty;
}

const partsOf = (path: string): readonly string[] => {
  if (path.startsWith('/v2/')) return ['events'];
  return path.endsWith('/responder_requests') ? ['rest', 'responders'] : ['rest'];
};

async function listen(server: FastifyInstance, port: number): Promise<string> {
  await server.listen({ host: '127.0.0.1', port });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}
