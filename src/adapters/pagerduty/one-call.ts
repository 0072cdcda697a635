import { randomUUID } from 'node:crypto';
import { noAnswer, notUnderstood, refused, tooManyCalls, unwell } from './pager-errors.ts';
import { type Head, onHead, REQUEST_ID, wayOut } from './way-out.ts';

/** PagerDuty's answers are far smaller; what is longer is not from it. */
const LONGEST_ANSWER = 1_000_000;

/** What pdjs passes on to its fetch (node-fetch 2), which knows more than pdjs's types do. */
export interface CallOptions {
  readonly server: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  /** pdjs would start a timer of 30 s that does nothing but keep the process alive. */
  readonly requestTimeout: 0;
}

interface Answer {
  readonly data?: unknown;
}

/** Where and how long: what every call of one kind has in common. */
export interface Calling {
  readonly base: string;
  /** Ends all requests that belong to one thing asked of us. */
  readonly deadline: AbortSignal;
  /** Taken out of whatever the service says, should it repeat them. */
  readonly secrets: readonly string[];
}

/**
 * One request through pdjs: one try, over by the deadline whatever the other side does, its body read up to a megabyte.
 * Resolves with status and body of a 2xx (or of one of `expected`). Throws PAGER_UNAVAILABLE or PAGER_REFUSED.
 */
export async function oneCall(
  { base, deadline, secrets }: Calling,
  call: (options: CallOptions) => Promise<Answer>,
  expected: readonly number[] = [],
): Promise<{ readonly status: number; readonly data: unknown }> {
  const { server, agent } = wayOut(base);
  const requestId = randomUUID();
  const over = new AbortController();
  const signal = AbortSignal.any([deadline, over.signal]);
  let head: Head | undefined;
  const deaf = onHead(requestId, (heard) => {
    head = heard;
    // Before pdjs waits for a minute and asks three more times.
    if (heard.status === 429) over.abort();
  });
  // `redirect`: a token must not follow to wherever it is sent. `compress`: a small answer may not become a large one.
  const more = { agent, size: LONGEST_ANSWER, redirect: 'manual', compress: false };
  const options = { server, headers: { [REQUEST_ID]: requestId }, signal, requestTimeout: 0, ...more } as const;
  try {
    const answered = call(options).then(
      ({ data }) => ({ data, failed: undefined, readable: true }),
      (failed: unknown) => ({ data: undefined, failed, readable: false }),
    );
    const { data, failed, readable } = await Promise.race([answered, ended(signal)]);
    if (head?.status === 429) throw tooManyCalls(head);
    if (deadline.aborted) throw noAnswer('no whole answer in time', failed);
    if (head === undefined) throw noAnswer(reasonOf(failed), failed);
    if (head.status >= 500 || head.status === 408) throw unwell(head.status);
    if (expected.includes(head.status)) return { status: head.status, data };
    if (head.status >= 300) throw refused(head.status, data, secrets);
    if (!readable) throw notUnderstood(head.status);
    return { status: head.status, data };
  } finally {
    deaf();
    // What is still coming in is not read on.
    over.abort();
    agent.destroy();
  }
}

/** For the case that something below does not end when it is told to. */
const ended = (signal: AbortSignal): Promise<{ data: undefined; failed: undefined; readable: false }> =>
  new Promise((resolve) => {
    const end = () => resolve({ data: undefined, failed: undefined, readable: false });
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });

/** `ECONNREFUSED` and the like: the message itself has addresses in it. */
function reasonOf(failed: unknown): string {
  const code = failed instanceof Error && 'code' in failed ? failed.code : undefined;
  return typeof code === 'string' ? code : 'the connection broke off';
}
