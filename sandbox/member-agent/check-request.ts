import { isSignedWith } from '../signature.ts';

const OLDEST_SECONDS = 300;

export interface SignedRequest {
  readonly method: string;
  /** With its query, as it came. */
  readonly path: string;
  readonly body: string;
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
}

export interface AgentSecrets {
  /** Signs everything. */
  readonly orders: string;
  /** Signs what changes nothing and shows no document. */
  readonly questions: string;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly why: string;
}

/**
 * Says why a request is not to be followed; undefined when it is. One that was followed is never followed again: a hold
 * that somebody caught must not stop a member tomorrow.
 */
export function createRequestCheck(
  { orders, questions }: AgentSecrets,
  now: () => number,
): (request: SignedRequest) => Refusal | undefined {
  const seen = new Map<string, number>();
  return (request) => {
    const { method, path, body, timestamp = '', nonce = '', signature = '' } = request;
    const signed = `${timestamp}.${nonce}.${method} ${path}.${body}`;
    const mayOrder = isSignedWith(orders, signed, signature);
    if (!mayOrder && !isSignedWith(questions, signed, signature))
      return { status: 401, why: 'The signature is wrong.' };
    if (!mayOrder && !isQuestion(request)) return { status: 403, why: 'This secret may only ask.' };
    const seconds = now() / 1000;
    if (!(Math.abs(seconds - Number(timestamp)) <= OLDEST_SECONDS)) {
      return { status: 401, why: 'The request is too old.' };
    }
    if (!/^[A-Za-z0-9-]{16,64}$/.test(nonce)) return { status: 401, why: 'The nonce is none.' };
    for (const [old, at] of seen) if (seconds - at > 2 * OLDEST_SECONDS) seen.delete(old);
    if (seen.has(nonce)) return { status: 401, why: 'The request was followed before.' };
    seen.set(nonce, seconds);
    return undefined;
  };
}

const QUESTION = /^[/]v1[/]members[/][^/?]+(?:[/]rollback-files)?$/;
const isQuestion = ({ method, path }: SignedRequest): boolean => method === 'GET' && QUESTION.test(path);
