import { createHmac, randomUUID } from 'node:crypto';
import { fetch, type Response } from 'undici';
import { DrError } from '#core';

export interface AgentAddress {
  /** The member, for people. */
  readonly host: string;
  readonly url: string;
  /** Shared with the agent: signs what we ask. */
  readonly secret: string;
  readonly now: () => Date;
}

const LONGEST_ANSWER = 1_000_000;

/**
 * One signed request, as docs/member-agent.md has it; the answer is `ok`. `signal` ends it, and the reading of what comes.
 * Throws HOST_UNAVAILABLE (transient) or HOST_REFUSED (permanent, with the agent's word).
 */
export async function signedRequest(
  to: AgentAddress,
  method: 'GET' | 'POST',
  part: string,
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(`v1/members/${encodeURIComponent(to.host)}${part}`, to.url.endsWith('/') ? to.url : `${to.url}/`);
  const body = method === 'POST' ? '{}' : '';
  const timestamp = String(Math.floor(to.now().getTime() / 1000));
  const nonce = randomUUID();
  const signed = `${timestamp}.${nonce}.${method} ${url.pathname}${url.search}.${body}`;
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      ...(method === 'POST' ? { body } : {}),
      headers: {
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        'x-holdfast-timestamp': timestamp,
        'x-holdfast-nonce': nonce,
        'x-holdfast-signature': `v1=${createHmac('sha256', to.secret).update(signed).digest('hex')}`,
      },
      // An order to a machine must not be sent on to another.
      redirect: 'manual',
      signal,
    });
  } catch (cause) {
    throw unavailable(to, 'no answer', cause);
  }
  if (answer.ok) return answer;
  throw await failure(to, answer);
}

/** A small answer, whole. Megabytes are no answer. */
export async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_ANSWER) break;
  }
  return text;
}

async function failure(to: AgentAddress, answer: Response): Promise<DrError> {
  const { status } = answer;
  const said = (await textOf(answer).catch(() => ''))
    .replaceAll(to.secret, '[secret]')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .slice(0, 200);
  if (status >= 500 || status === 408 || status === 429) return unavailable(to, `it says ${status} ${said}`, undefined);
  return new DrError('HOST_REFUSED', 'permanent', `The agent of ${to.host} refused: ${status} ${said}`, {
    data: { host: to.host, status },
    ...(HINTS[status] === undefined ? {} : { hint: HINTS[status] }),
  });
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'HOLDFAST_MEMBER_AGENT_SECRET, or ..._READ_SECRET, is not the one that the agent has, or a clock is wrong.',
  403: 'That was signed with the secret for questions. Orders need HOLDFAST_MEMBER_AGENT_SECRET.',
};

export const unavailable = ({ host }: Pick<AgentAddress, 'host'>, why: string, cause: unknown): DrError =>
  new DrError('HOST_UNAVAILABLE', 'transient', `The agent of ${host} does not answer: ${why}.`, {
    cause,
    data: { host },
    hint: 'Look whether its machine is up and its agent runs. What it does: docs/member-agent.md',
  });
