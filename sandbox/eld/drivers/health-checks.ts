import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthCheckConfig } from '@aws-sdk/client-route-53';
import { fetch } from 'undici';
import type { NameServer } from './name-server.ts';

/** Route 53's fastest interval is 10 s; ten times faster here, so that nobody has to sit and wait. */
const EVERY_MS = 1000;
const TIMEOUT_MS = 2000;
/** So many in a row change the state, in both directions, where a check does not say how many. */
const THRESHOLD = 3;
/** Route 53 looks for the string in so much of an answer. */
const SEARCHED_BYTES = 5120;

/** What an endpoint is known to be; before the first row of answers that says otherwise, well. */
type Checked = { well: boolean; run: number };
type Checks = ReadonlyMap<string, HealthCheckConfig>;

/**
 * Plays the health checkers, until `signal` aborts: asks every endpoint that a check names, and answers whether a check is
 * healthy, calculated and inverted ones as Route 53 has it.
 */
export function startHealthChecks(nameServer: NameServer, signal: AbortSignal): (check: string) => boolean {
  const states = new Map<string, Checked>();
  let checks: Checks = new Map();
  async function ask(id: string, config: HealthCheckConfig): Promise<void> {
    const state = states.get(id) ?? { well: !config.Inverted, run: 0 };
    states.set(id, state);
    state.run = (await answersWell(config)) === state.well ? 0 : state.run + 1;
    if (state.run >= (config.FailureThreshold ?? THRESHOLD)) {
      state.well = !state.well;
      state.run = 0;
    }
  }
  const loop = async () => {
    while (!signal.aborted) {
      checks = await nameServer.healthChecks();
      const endpoints = [...checks].filter(([, { Type, Disabled }]) => Type !== 'CALCULATED' && !Disabled);
      const round = Promise.all(endpoints.map(([id, config]) => ask(id, config)));
      await Promise.all([round, sleep(EVERY_MS, undefined, { signal }).catch(() => undefined)]);
    }
  };
  void loop();
  return (id) => isHealthy(id, checks, (endpoint) => states.get(endpoint)?.well);
}

/**
 * Whether Route 53 counts a check as healthy. A disabled one always is; an inverted one is the opposite of what it sees; a
 * calculated one is when so many of its children are as it says. One that nobody has looked at yet is.
 */
export function isHealthy(id: string, checks: Checks, seen: (endpoint: string) => boolean | undefined): boolean {
  const config = checks.get(id);
  if (config === undefined || config.Disabled) return true;
  const inverted = config.Inverted === true;
  if (config.Type !== 'CALCULATED') return (seen(id) ?? !inverted) !== inverted;
  const healthy = (config.ChildHealthChecks ?? []).filter((child) => isHealthy(child, checks, seen)).length;
  return healthy >= (config.HealthThreshold ?? 1) !== inverted;
}

async function answersWell(config: HealthCheckConfig): Promise<boolean> {
  const host = config.IPAddress || config.FullyQualifiedDomainName || '';
  const scheme = config.Type?.startsWith('HTTPS') ? 'https' : 'http';
  try {
    const answer = await fetch(`${scheme}://${host}:${config.Port}${config.ResourcePath}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await answer.text();
    const found =
      !config.Type?.endsWith('STR_MATCH') || body.slice(0, SEARCHED_BYTES).includes(config.SearchString ?? '');
    return answer.status >= 200 && answer.status < 400 && found;
  } catch {
    return false;
  }
}
