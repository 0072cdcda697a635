import type { FastifyRequest } from 'fastify';
import { RestRefusal } from './rest-refusal.ts';
import type { PagerDutySettings, Person } from './settings.ts';

/** Whose token it is. */
export interface Caller {
  readonly token: string;
  readonly kind: 'account' | 'read-only' | 'user';
  readonly user: Person | undefined;
}

/** @throws RestRefusal 401 unless the header is exactly `Token token=...` with a token of ours */
export function callerOf(settings: PagerDutySettings, request: FastifyRequest): Caller {
  const token = /^Token token=(\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === settings.accountToken) return { token, kind: 'account', user: undefined };
  if (token === settings.readOnlyToken) return { token, kind: 'read-only', user: undefined };
  const user = settings.people.find(({ id }) => token !== undefined && id === settings.userTokens[token]);
  if (token !== undefined && user !== undefined) return { token, kind: 'user', user };
  throw new RestRefusal(401, 2006, 'Authentication failed');
}

/**
 * In whose name something is changed. A token of the account says it by `From`, a person's is that person.
 * @throws RestRefusal 403 for a read-only token, 400 for nobody
 */
export function writerOf(settings: PagerDutySettings, request: FastifyRequest): Person {
  const caller = callerOf(settings, request);
  if (caller.kind === 'read-only') throw new RestRefusal(403, 2010, 'Access Denied');
  if (caller.user !== undefined) return caller.user;
  const from = request.headers['from'];
  if (from === undefined) throw new RestRefusal(400, 2011, 'You must specify a requester_id to perform this action');
  const person = settings.people.find(({ email }) => email.toLowerCase() === from.toLowerCase());
  if (person === undefined) throw new RestRefusal(400, 1008, 'Requester User Not Found');
  return person;
}
