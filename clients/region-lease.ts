/**
 * Keeps a region's lease for one instance of a service, so that a region that is cut off stops writing by itself. One file without
 * dependencies for Node 20 or newer: copy it. docs/region-leases.md says what it speaks and why it is right.
 *
 *     const lease = keepRegionLease({ urls, region: 'us-east-1', instance: hostname(), secret });
 *     if (!lease.mayWrite()) return refuse();          // before the write
 *     await database.insert(record);
 *     if (!lease.mayWrite()) return refuse();          // and before it is acknowledged
 *     return acknowledge();
 *
 * The second look matters most: between the first and the database's answer any time may pass.
 */
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

/** What is needed of `fetch`. */
export type LeaseFetch = (
  url: string,
  init: { method: 'POST'; headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<{ readonly status: number; json(): Promise<unknown> }>;

export interface RegionLeaseSettings {
  /** Where leases are renewed, `https://leases.us-east-1.example`; in at least two regions. Asked in turn, the nearest first. */
  readonly urls: readonly string[];
  readonly region: string;
  /** This instance's name, up to 100 characters without spaces. */
  readonly instance: string;
  /** The region's secret. */
  readonly secret: string;
  /** Default: a POST by node:http and node:https. */
  readonly fetch?: LeaseFetch;
  /** Milliseconds of a clock that nobody can set. Default `performance.now()`. */
  readonly now?: () => number;
  /** Told what goes wrong, in words: for a log line. */
  readonly onTrouble?: (what: string) => void;
}

export interface KeptRegionLease {
  /** Whether this instance may acknowledge a write at this very moment. Never throws, never waits. */
  mayWrite(): boolean;
  /** Ends the renewing, and from then on `mayWrite()` is false. */
  stop(): void;
}

/**
 * How long one place may take to answer before another is asked, until it is known how long a lease lasts; then it is a sixth of
 * that, so that two places that hang still leave time for a third.
 */
const FIRST_TRY_MS = 2_000;
const SHORTEST_MS = 50;
/** After nobody granted it: soon enough for a region that is just being opened, slow enough for a store that is ill. */
const AGAIN_MS = 500;
const LONGEST_TTL_MS = 60_000;

export function keepRegionLease(settings: RegionLeaseSettings): KeptRegionLease {
  const now = settings.now ?? (() => performance.now());
  let endsAt = Number.NEGATIVE_INFINITY;
  let ttlMs: number | undefined;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let place = 0;

  /** Asks one place. What it says after its time is not heard any more. */
  async function ask(): Promise<'granted' | 'refused' | 'unknown'> {
    const url = settings.urls[place % settings.urls.length] ?? '';
    // Counted from before the asking: however late the answer, it was granted after this moment, so it ends no later than we think.
    const askedAt = now();
    const tryMs = Math.max(SHORTEST_MS, ttlMs === undefined ? FIRST_TRY_MS : ttlMs / 6);
    const answer = await renew(url, settings, tryMs).catch((error: unknown) => String(error));
    if (stopped) return 'unknown';
    if (typeof answer === 'string') {
      settings.onTrouble?.(`${url}: ${answer}`);
      return 'unknown';
    }
    if (!answer.granted) {
      endsAt = Number.NEGATIVE_INFINITY;
      return 'refused';
    }
    ttlMs = answer.ttlMs;
    endsAt = askedAt + ttlMs;
    return 'granted';
  }

  async function turn(): Promise<void> {
    const startedAt = now();
    let result: 'granted' | 'refused' | 'unknown' = 'unknown';
    for (let tried = 0; tried < settings.urls.length && !stopped; tried += 1) {
      result = await ask();
      if (result !== 'unknown') break;
      place += 1;
    }
    if (stopped) return;
    const everyMs = result === 'granted' && ttlMs !== undefined ? ttlMs / 3 : AGAIN_MS;
    const waitMs = Math.max(SHORTEST_MS, startedAt + everyMs - now());
    timer = setTimeout(() => void turn(), waitMs);
    timer.unref?.();
  }

  void turn();
  return {
    mayWrite: () => !stopped && now() < endsAt,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

type Answer = { readonly granted: true; readonly ttlMs: number } | { readonly granted: false };

/** Throws whatever is not an answer about the lease. */
async function renew(url: string, settings: RegionLeaseSettings, withinMs: number): Promise<Answer> {
  const { region, instance, secret, fetch = post } = settings;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer in ${Math.round(withinMs)} ms`)), withinMs);
  timer.unref?.();
  const asked = async (): Promise<Answer> => {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/v1/region-leases/${region}/renew`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ instance }),
      signal: late.signal,
    });
    const body = (await answer.json()) as { granted?: unknown; ttlMs?: unknown; error?: unknown };
    if (answer.status !== 200) throw new Error(`${answer.status} ${String(body.error ?? '')}`);
    if (body.granted === false) return { granted: false };
    const ttlMs = body.granted === true ? body.ttlMs : undefined;
    if (typeof ttlMs === 'number' && ttlMs > 0 && ttlMs <= LONGEST_TTL_MS) return { granted: true, ttlMs };
    throw new Error('an answer that says nothing about the lease');
  };
  const aborted = new Promise<never>((_, reject) => {
    late.signal.addEventListener('abort', () => reject(late.signal.reason), { once: true });
  });
  try {
    return await Promise.race([asked(), aborted]);
  } finally {
    clearTimeout(timer);
  }
}

/** More than any answer has. */
const MOST_BYTES = 4_096;

/** A POST without what `fetch` has besides: in some versions of Node that one can end the process when a server breaks off. */
const post: LeaseFetch = (url, { headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? secureRequest : plainRequest;
    const sent = request(url, { method: 'POST', headers, signal }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
        if (text.length > MOST_BYTES) sent.destroy(new Error('an answer without end'));
      });
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, json: async () => JSON.parse(text) as unknown }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
