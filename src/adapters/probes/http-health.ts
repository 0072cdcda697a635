import { Agent, fetch, type Response } from 'undici';
import { type Clock, formatDuration, outside, type Text } from '#core';
import type { Look, ProbeResult } from '#ports';

export interface HttpHealthOptions {
  readonly url: string;
  /** As slow as this is as bad as silence, in ms. */
  readonly slowMs: number;
  readonly clock: Clock;
  /** Shared by all looks of a process. */
  readonly agent: Agent;
  /** Whether the region's lease is closed, so that it is right that nobody there takes writes. Left out: it never is. */
  readonly isClosed?: () => Promise<boolean>;
}

/** Nobody says that he is well in more bytes; past that the answer is cut off. */
const MOST_BYTES = 64 * 1024;

/**
 * Every look connects anew: that is part of what users need, and a connection that something between closed while it was idle
 * would be a failure that is none.
 */
export const healthAgent = (): Agent => new Agent({ pipelining: 0, connect: { timeout: 5_000 } });

/**
 * Whether a service says that it works: status 200, the whole answer in time, and no `"healthy": false` in it. What answers
 * byte by byte, without end or with 10 MB has failed: the connection is cut, and not more is kept of it than 64 kB.
 */
export function httpHealthLook({ url, slowMs, clock, agent, isClosed }: HttpHealthOptions): Look {
  return async (signal) => {
    const startMs = clock.monotonicMs();
    const answer = await fetch(url, { signal, redirect: 'manual', dispatcher: agent }).catch(whyNot);
    if (typeof answer === 'string') return failed('service does not answer', [outside(answer)], {});
    const body = await readUpTo(answer, MOST_BYTES).catch(whyNot);
    if (typeof body === 'string') return failed('service does not finish its answer', [outside(body)], {});
    const tookMs = Math.round(clock.monotonicMs() - startMs);
    const numbers = { tookMs, status: answer.status };
    if (body.cut) return failed('service answers garbage', [`more than ${MOST_BYTES / 1024} kB`], numbers);
    const reason = reasonIn(body.text);
    if (saysClosed(body.text) && (await isClosed?.().catch(() => false)))
      return { state: 'well', words: [`waits for its turn, said so in ${formatDuration(tookMs)}`], numbers };
    if (answer.status !== 200)
      return failed(`service answers ${answer.status}`, reason ?? ['without a reason'], numbers);
    if (isUnhealthy(body.text))
      return failed('service says that it does not work', reason ?? ['without a reason'], numbers);
    const words = `${formatDuration(tookMs)} for an answer`;
    if (tookMs < slowMs) return { state: 'well', words: [`200 in ${formatDuration(tookMs)}`], numbers };
    return failed('service answers too slowly', [`${words}, limit ${formatDuration(slowMs)}`], numbers);
  };
}

const failed = (what: string, words: Text, numbers: Record<string, number>): ProbeResult => ({
  state: 'failed',
  what,
  words,
  hostile: false,
  numbers,
});

/** undici hides the reason in the cause. */
function whyNot(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  const inner = cause instanceof Error ? cause.message : undefined;
  return inner === undefined || inner === '' ? thrown.message : inner;
}

async function readUpTo({ body }: Response, most: number): Promise<{ readonly text: string; readonly cut: boolean }> {
  if (!body) return { text: '', cut: false };
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const part: Uint8Array = chunk;
    bytes += part.byteLength;
    // leaving the loop cancels the body, which closes the connection
    if (bytes > most) return { text: '', cut: true };
    chunks.push(part);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), cut: false };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const isUnhealthy = (text: string): boolean => parsed(text)?.['healthy'] === false;

/** Everything else works: it is the last thing that an instance looks at. */
const saysClosed = (text: string): boolean => parsed(text)?.['reason'] === 'region-closed';

function reasonIn(text: string): Text | undefined {
  const reason = parsed(text)?.['reason'];
  return typeof reason === 'string' && reason !== '' ? [outside(reason)] : undefined;
}
