import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import { z } from 'zod';
import { type DriverLog, hashOfDocument, toDocument } from '../driver-log.ts';
import type { Ledger } from './ledger.ts';
import { type Answer, chooseAnswer, type NameServer } from './name-server.ts';
import type { TrafficCounts } from './traffic-counts.ts';

export type DriverOptions = {
  readonly number: number;
  readonly everyMs: number;
  readonly nameServer: NameServer;
  readonly isHealthy: (check: string) => boolean;
  readonly ledger: Ledger;
  readonly counts: TrafficCounts;
  readonly signal: AbortSignal;
};

/** A device keeps this many records while nobody takes them; then it stops making new ones. */
const KEEP = 500;
const ANSWER_WITHIN_MS = 4000;
const Acknowledgement = z.looseObject({ id: z.string(), acknowledged: z.literal(true), hash: z.string() });

/**
 * One driver: a record every `everyMs`, each sent again until it is acknowledged, in order, as the law wants of such a
 * device. Looks the service up by name, keeps the answer for its TTL. Ends when `signal` aborts and what is under way
 * is answered.
 */
export async function drive(options: DriverOptions): Promise<void> {
  const { signal, everyMs } = options;
  let answer: (Answer & { readonly until: number }) | undefined;
  let due = performance.now() + Math.random() * everyMs;

  async function lookUp(): Promise<Answer | undefined> {
    if (answer !== undefined && performance.now() < answer.until) return answer;
    const chosen = chooseAnswer(await options.nameServer.records(), options.isHealthy, Math.random());
    // resolvers have the answer for the rest of its time, so that not all drivers turn at once
    const rest = answer === undefined ? Math.random() : 1;
    answer = chosen && { ...chosen, until: performance.now() + chosen.ttlMs * rest };
    return answer;
  }
  for (let sequence = 0; !signal.aborted; sequence += 1) {
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    due = Math.max(due + everyMs, performance.now() - KEEP * everyMs);
    await deliver(record(options.number, sequence), lookUp, options);
  }
}

async function deliver(
  log: DriverLog,
  lookUp: () => Promise<Answer | undefined>,
  { counts, ledger, signal }: DriverOptions,
): Promise<void> {
  const body = JSON.stringify(log);
  const expected = hashOfDocument(toDocument(log));
  while (!signal.aborted) {
    const target = await lookUp();
    const askedAt = performance.now();
    const retryAfterMs = target === undefined ? 1000 : await send(target.port, body, expected);
    if (target !== undefined && retryAfterMs === 'acknowledged') {
      ledger.add({ id: log.id, hash: expected, region: target.region }, Date.now());
      counts.acknowledged(target.region, performance.now() - askedAt);
      return;
    }
    if (target !== undefined) counts.failed(target.region);
    // full jitter: devices that all come back in the same instant would be the next outage
    const most = retryAfterMs === 'acknowledged' ? 0 : retryAfterMs;
    await sleep(50 + Math.random() * most, undefined, { signal }).catch(() => undefined);
  }
}

/** 'acknowledged', or how long to stay away at most, in ms. */
async function send(port: number, body: string, expected: string): Promise<'acknowledged' | number> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/driver-logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const said: unknown = await answer.json();
    const acknowledgement = Acknowledgement.safeParse(said);
    if (answer.status === 201 && acknowledgement.success) {
      if (acknowledgement.data.hash === expected) return 'acknowledged';
      console.error('acknowledged something else than was sent:', body, said);
    }
    return Number(answer.headers.get('retry-after') ?? 0.5) * 1000;
  } catch {
    return 500; // no connection, cut off, or too late
  }
}

const STATUSES = ['OFF', 'SB', 'D', 'ON'] as const;

function record(number: number, sequence: number): DriverLog {
  const now = Date.now();
  return {
    // unique over restarts: nobody starts twice in a millisecond
    id: `log-${now.toString(36)}-${number.toString(36)}-${sequence.toString(36)}`,
    driverId: `driver-${String(number + 1).padStart(4, '0')}`,
    vehicleId: `vehicle-${String(number + 1).padStart(4, '0')}`,
    at: new Date(now).toISOString(),
    kind: 'duty-status',
    status: STATUSES[Math.floor(sequence / 40) % STATUSES.length] ?? 'OFF',
    odometerKm: Math.round((120_000 + number * 317 + sequence * 0.4) * 10) / 10,
    position: { lat: 39 + (number % 50) / 100 + sequence / 1e5, lon: -95 - (number % 70) / 100 },
  };
}
