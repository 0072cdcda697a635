import { lintMessage } from './blocks/index.ts';
import { controlServer } from './control.ts';
import type { Delivery } from './delivery.ts';
import { EventDispatcher } from './events.ts';
import { CallFaults, type FaultOrder } from './faults.ts';
import { HttpDelivery } from './http-delivery.ts';
import { slackHttpServer } from './http-server.ts';
import { makeId } from './ids.ts';
import { keep, readKept } from './keep.ts';
import { RateLimiter } from './limits.ts';
import { Listener } from './listener.ts';
import { Outage } from './outage.ts';
import { serveResponseUrls } from './respond.ts';
import { ResponseUrls } from './response-urls.ts';
import { SlackOptions, type SlackOptionsInput, type SlackSettings } from './settings.ts';
import { SocketMode } from './socket-mode.ts';
import { WorkspaceStore } from './store.ts';
import type { Team } from './team.ts';
import { Triggers } from './triggers.ts';
import { serveWebApi } from './web-api.ts';
import { type CallRecord, SlackWorkspace } from './workspace.ts';

const CALLS_KEPT = 5000;
const WARNINGS_KEPT = 500;

/**
 * Starts a Slack workspace on loopback: Web API, Socket Mode or signed HTTP, and a control API.
 * `now` is the workspace's clock in milliseconds.
 * @throws ZodError for bad options; Error when a port is taken, or a given request URL fails its challenge.
 */
export async function startSlackWorkspace(
  options: SlackOptionsInput,
  now: () => number = Date.now,
): Promise<SlackWorkspace> {
  const settings = SlackOptions.parse(options);
  const server = slackHttpServer();
  const listener = new Listener(server.server, settings.port);
  const sockets = new SocketMode(settings.limits);
  const http = new HttpDelivery(settings.signingSecret, settings.limits.ackWithinMs, now);
  const store = openStore(settings, now);
  const outage = new Outage(listener, sockets, (active) => store.emit({ kind: 'fault', active }));
  const delivery = outage.wrap(settings.mode === 'socket' ? sockets : http);
  const team = makeTeam(settings, store, sockets, delivery, listener, outage, now);
  const faults = new CallFaults();
  const calls: CallRecord[] = [];
  const warnings: string[] = [];
  store.subscribe((change) => {
    if (change.kind !== 'message' || change.message.bot_id === undefined) return;
    warnings.push(...lintMessage(change.message.text, change.message.blocks));
    warnings.splice(0, warnings.length - WARNINGS_KEPT);
  });
  outage.guard(server);
  serveWebApi(server, {
    team,
    faults,
    limiter: new RateLimiter(settings.limits, now),
    onCall(method, error) {
      calls.push(error === undefined ? { method } : { method, error });
      if (calls.length > CALLS_KEPT) calls.shift();
    },
  });
  serveResponseUrls(server, team);
  sockets.attach(server.server);
  await server.ready();
  await listener.open();
  const stopKeeping = keep(store, settings.folder);
  const useRequestUrl = (url: string): Promise<void> =>
    http.verifyAndUse({ commands: url, interactivity: url, events: url });
  const stopWeb = async (): Promise<void> => {
    await outage.end();
    team.events.close();
    sockets.close();
    stopKeeping();
    await listener.shut();
    await server.close();
  };
  const apply = faultApplier(outage, sockets, faults);
  let stopped = false;
  const workspace = new SlackWorkspace(team, {
    calls,
    warnings,
    apply,
    useRequestUrl,
    controlUrl: () => `http://127.0.0.1:${controlListener.port}`,
    async mend() {
      faults.clear();
      await outage.end();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await stopWeb();
      await controlListener.shut();
      await control.close();
    },
  });
  const control = controlServer(workspace);
  const controlListener = new Listener(control.server, settings.controlPort);
  await control.ready();
  await controlListener.open();
  if (settings.requestUrl !== undefined) await useRequestUrl(settings.requestUrl);
  return workspace;
}

/** The kept store, or a fresh one with its channels. */
function openStore(settings: SlackSettings, now: () => number): WorkspaceStore {
  const kept = readKept(settings.folder);
  const store = new WorkspaceStore(settings.people, now, kept);
  const named = (name: string): boolean => [...store.channels.values()].some((channel) => channel.name === name);
  if (!named(settings.channel)) {
    store.putChannel({ id: makeId('C'), name: settings.channel, kind: 'channel', hasApp: true });
  }
  for (const name of settings.otherChannels) {
    if (!named(name)) store.putChannel({ id: makeId('C'), name, kind: 'channel', hasApp: false });
  }
  return store;
}

function makeTeam(
  settings: SlackSettings,
  store: WorkspaceStore,
  sockets: SocketMode,
  delivery: Delivery,
  listener: Listener,
  outage: Outage,
  now: () => number,
): Team {
  return {
    settings,
    store,
    sockets,
    delivery,
    now,
    events: new EventDispatcher(delivery, settings.limits, settings.events, now),
    triggers: new Triggers(settings.limits.triggerWithinMs, now),
    responseUrls: new ResponseUrls(settings.limits, now),
    baseUrl: () => `http://127.0.0.1:${listener.port}`,
    isCut: () => outage.active,
  };
}

function faultApplier(outage: Outage, sockets: SocketMode, faults: CallFaults) {
  return async (order: FaultOrder): Promise<void> => {
    switch (order.kind) {
      case 'cut':
        return outage.begin(order.seconds, order.how);
      case 'drop_sockets':
        return sockets.drop();
      case 'refresh_sockets':
        return sockets.askToReconnect(order.reason);
      case 'server_errors':
      case 'rate_limit':
      case 'lost_answers':
        return faults.add(order);
      default:
        return order satisfies never;
    }
  };
}
