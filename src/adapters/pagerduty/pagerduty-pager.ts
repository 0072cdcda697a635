import { acknowledge, resolve, trigger } from '@pagerduty/pdjs';
import { z } from 'zod';
import { DrError } from '#core';
import type { Pager, PagerIncident } from '#ports';
import { keyData, triggerData } from './event-body.ts';
import { asPagerIncident, calledAlready } from './incident.ts';
import { type Calling, type CallOptions, oneCall } from './one-call.ts';
import { notUnderstood } from './pager-errors.ts';
import { findIncident, findRequester, type Requester, type Rest, requestResponders } from './rest.ts';

export interface PagerDutyOptions {
  readonly eventsUrl: string;
  readonly apiUrl: string;
  /** The service's integration key. Without it nobody is called. */
  readonly routingKey: string | undefined;
  /** Without it nothing is known of incidents, and nobody is called besides. */
  readonly token: string | undefined;
  /** In whose name people are called besides; not needed with a person's own token. */
  readonly from?: string | undefined;
  /** Within how long everything that is asked of us ends. Default 8 s. */
  readonly timeoutMs?: number;
}

const AT_ONCE = 4;
/** Nobody's: ending it does nothing, and tells whether the key counts. */
const NO_INCIDENT = 'holdfast-doctor';

const Accepted = z.object({ status: z.literal('success') });

/**
 * PagerDuty. pdjs makes the requests; deadlines, retries and the reading of failures are ours (see one-call.ts). Nothing
 * is tried twice in here: who pages decides when again, and by which other way meanwhile.
 */
export function pagerDuty(options: PagerDutyOptions): Pager {
  const { routingKey, token } = options;
  const secrets = [routingKey, token].filter((secret) => secret !== undefined && secret !== '') as string[];
  const rest: Rest | undefined = token === undefined ? undefined : { token, from: options.from };
  let requester: Requester | undefined;

  const calling = (base: string): Calling => ({
    base,
    deadline: AbortSignal.timeout(options.timeoutMs ?? 8_000),
    secrets,
  });
  const send = async (call: (key: string, options: CallOptions) => ReturnType<typeof trigger>): Promise<void> => {
    if (routingKey === undefined) throw keyless();
    const { status, data } = await oneCall(calling(options.eventsUrl), (how) => call(routingKey, how));
    if (!Accepted.safeParse(data).success) throw notUnderstood(status);
  };

  return {
    trigger: (page) => send((key, how) => trigger({ data: triggerData(key, page), ...how })),
    acknowledge: (of) => send((key, how) => acknowledge({ data: keyData(key, of), ...how })),
    resolve: (of) => send((key, how) => resolve({ data: keyData(key, of), ...how })),
    callAlso: async (key, users) => {
      if (rest === undefined) return false;
      const call = calling(options.apiUrl);
      const incident = await findIncident(call, rest, key);
      if (incident === undefined || incident.status === 'resolved') return false;
      const called = calledAlready(incident);
      const left = users.filter((user, index) => !called.has(user) && users.indexOf(user) === index);
      if (left.length === 0) return true;
      requester ??= await findRequester(call, rest);
      await requestResponders(call, rest, { incident: incident.id, requester, users: left });
      return true;
    },
    incidents: async (keys) => {
      if (rest === undefined) return [];
      const call = calling(options.apiUrl);
      const found: PagerIncident[] = [];
      const asked = [...new Set(keys)];
      const left = [...asked];
      const lane = async (): Promise<void> => {
        for (let key = left.shift(); key !== undefined; key = left.shift()) {
          const incident = await findIncident(call, rest, key);
          if (incident) found.push(asPagerIncident(key, incident));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      return asked.flatMap((key) => found.find((each) => each.key === key) ?? []);
    },
    check: async () => {
      const [events] = await Promise.all([
        routingKey === undefined ? false : send((key, how) => resolve({ data: keyData(key, NO_INCIDENT), ...how })),
        rest === undefined ? undefined : findRequester(calling(options.apiUrl), rest),
      ]);
      return { events: events !== false, rest: rest !== undefined };
    },
  };
}

const keyless = (): DrError =>
  new DrError('PAGER_REFUSED', 'permanent', 'There is no PagerDuty integration key, so nobody can be called there.', {
    hint: 'Set PAGERDUTY_ROUTING_KEY. dr doctor',
  });
