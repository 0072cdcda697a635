import { fetch, type Response } from 'undici';
import { z } from 'zod';
import { DrError, Region, Sha256 } from '#core';
import type { AcknowledgedWrite, Traffic } from '#ports';
import { driverLogProbe, type ProbeShape } from './driver-log-probe.ts';
import { probeService } from './probe-service.ts';

export interface HttpTrafficOptions {
  /** Answers `{ windowMs, byRegion: [{ region, acknowledged, failed, p95Ms }] }`; `p95Ms` where it is measured. */
  readonly statsUrl: string;
  /** Answers `?since=&until=` with one acknowledged write a line, oldest first: `{ id, hash, at }`. */
  readonly acknowledgedWritesUrl: string;
  /** Where a region's service is reached, past the DNS weights: `http://10.0.0.4:8080`. */
  readonly serviceUrl: (region: Region) => Promise<string>;
  /** What a test write looks like. Default: a driver log. */
  readonly probe?: ProbeShape;
  /** How long one answer may take, and how long a list may stand still. Default 5 s. */
  readonly withinMs?: number;
}

const Stats = z.object({
  windowMs: z.number(),
  byRegion: z.array(
    z.object({ region: Region, acknowledged: z.number(), failed: z.number(), p95Ms: z.number().optional() }),
  ),
});
const Line = z.object({ id: z.string(), hash: Sha256, at: z.coerce.date() });

/** Traffic as those who use the service see it, asked over HTTP. */
export function httpTraffic(options: HttpTrafficOptions): Traffic {
  const withinMs = options.withinMs ?? 5_000;
  return {
    view: async () => {
      const answer = await get(options.statsUrl, AbortSignal.timeout(withinMs));
      const stats = Stats.safeParse(await answer.json().catch(() => undefined));
      if (stats.success) return stats.data;
      throw unavailable(`${options.statsUrl} did not answer with traffic figures.`, stats.error);
    },
    acknowledged: (since, until) => acknowledged(options.acknowledgedWritesUrl, since, until, withinMs),
    probe: async (region, count) =>
      probeService({
        url: await options.serviceUrl(region),
        shape: options.probe ?? driverLogProbe,
        count,
        withinMs,
      }),
  };
}

async function* acknowledged(
  address: string,
  since: Date,
  until: Date,
  withinMs: number,
): AsyncGenerator<AcknowledgedWrite> {
  const url = new URL(address);
  url.searchParams.set('since', since.toISOString());
  url.searchParams.set('until', until.toISOString());
  // The list may be long, so only its standing still is bounded, not its length.
  const stalled = new AbortController();
  const watch = setTimeout(() => stalled.abort(), withinMs);
  try {
    const { body } = await get(url.href, stalled.signal);
    if (!body) return;
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      watch.refresh();
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parsed(line, address);
      watch.refresh();
    }
    // Without its line feed the last line, and with it the list, may have been cut.
    if (rest !== '') throw unavailable(`${address} ended in the middle of a line.`, undefined);
  } catch (thrown) {
    throw thrown instanceof DrError ? thrown : unavailable(`${address} broke off.`, thrown);
  } finally {
    clearTimeout(watch);
    stalled.abort();
  }
}

function parsed(line: string, address: string): AcknowledgedWrite {
  try {
    return Line.parse(JSON.parse(line));
  } catch (cause) {
    throw unavailable(`${address} gave a line that is no acknowledged write.`, cause);
  }
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { signal });
  } catch (cause) {
    throw unavailable(`${url} does not answer.`, cause);
  }
  if (answer.ok) return answer;
  await answer.body?.cancel();
  throw unavailable(`${url} answered ${answer.status}.`, undefined);
}

const unavailable = (message: string, cause: unknown): DrError =>
  new DrError('SERVICE_UNAVAILABLE', 'transient', message, { cause });
