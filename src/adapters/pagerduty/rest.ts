import { api } from '@pagerduty/pdjs';
import { z } from 'zod';
import { DrError } from '#core';
import { current, IncidentList } from './incident.ts';
import { type Calling, oneCall } from './one-call.ts';
import { notUnderstood } from './pager-errors.ts';

/** PagerDuty's REST API as one token sees it. */
export interface Rest {
  readonly token: string;
  /** The account's user in whose name we act; needed with a token of the account, known by itself with a person's. */
  readonly from: string | undefined;
}

const Me = z.object({ user: z.object({ id: z.string(), email: z.string() }) });
const Users = z.object({ users: z.array(z.object({ id: z.string(), email: z.string() })) });

/** How `/users/me` answers a token of the account. */
const NOT_A_PERSONS = [400, 403, 404];

/** In whose name we call people: PagerDuty wants an e-mail of the account in `From`, and the user's id as the requester. */
export interface Requester {
  readonly id: string;
  readonly email: string;
}

/** Throws PAGER_REFUSED when PAGERDUTY_FROM is missing or nobody's. */
export async function findRequester(calling: Calling, { token, from }: Rest): Promise<Requester> {
  if (from === undefined) {
    const { status, data } = await oneCall(
      calling,
      (options) => api({ token, ...options }).get('/users/me', {}),
      NOT_A_PERSONS,
    );
    if (NOT_A_PERSONS.includes(status)) throw nameless();
    return readAs(Me, data).user;
  }
  const search = { queryParameters: { query: from, limit: '100' } };
  const { data } = await oneCall(calling, (options) => api({ token, ...options }).get('/users', search));
  // The search also finds parts of names.
  const found = readAs(Users, data).users.find(({ email }) => email.toLowerCase() === from.toLowerCase());
  if (found) return found;
  throw new DrError('PAGER_REFUSED', 'permanent', 'PagerDuty knows no user with the e-mail in PAGERDUTY_FROM.', {
    hint: 'Set PAGERDUTY_FROM to the e-mail of a user of the account. dr doctor',
  });
}

/** The incident that is open under the key, else the newest one. */
export async function findIncident(calling: Calling, { token }: Rest, key: string) {
  // Without date_range only the last month is searched.
  const search = { queryParameters: { incident_key: key, date_range: 'all', sort_by: 'created_at:desc', limit: '25' } };
  const { data } = await oneCall(calling, (options) => api({ token, ...options }).get('/incidents', search));
  return current(readAs(IncidentList, data).incidents);
}

/**
 * Calls people besides those who are assigned. A responder request, not an assignment: assigning ends the escalation that
 * runs, and takes the incident back from whoever acknowledged it.
 */
export async function requestResponders(
  calling: Calling,
  { token }: Rest,
  order: { readonly incident: string; readonly requester: Requester; readonly users: readonly string[] },
): Promise<void> {
  const data = {
    requester_id: order.requester.id,
    message: 'Holdfast: you are due for this incident.',
    responder_request_targets: order.users.map((id) => ({ responder_request_target: { id, type: 'user_reference' } })),
  };
  await oneCall(calling, ({ headers, ...options }) =>
    api({ token, ...options }).post(`/incidents/${encodeURIComponent(order.incident)}/responder_requests`, {
      headers: { ...headers, From: order.requester.email },
      data,
    }),
  );
}

function readAs<Shape extends z.ZodType>(shape: Shape, data: unknown): z.output<Shape> {
  const read = shape.safeParse(data);
  if (read.success) return read.data;
  throw notUnderstood(200);
}

const nameless = (): DrError =>
  new DrError('PAGER_REFUSED', 'permanent', "This PagerDuty token is the account's, nobody's in person.", {
    hint: 'Set PAGERDUTY_FROM to the e-mail of a user of the account. dr doctor',
  });
