import { canonicalJson, formatCount, formatDuration } from '#core';
import type { MoveFacts, MoveLimits, MoveLive } from './facts.ts';
import type { MovePreview } from './preview-failover.ts';

/** One line of a void card: `us-west-2 behind by  0.4 s -> 48 s`; `over` names the approved limit that is passed. */
export interface Drift {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly over?: string;
}

/** The facts, each under the name people know it by, in a form that reads aloud. */
const FACTS: { readonly [words: string]: (facts: MoveFacts) => unknown } = {
  move: ({ move, from, to }) => `${move} ${from} -> ${to}`,
  'primary database': ({ primaryBefore }) => primaryBefore,
  'new primary database': ({ primaryAfter }) => primaryAfter,
  'database members': ({ configVersion, membersBefore }) =>
    `version ${configVersion}: ${membersBefore.map(({ host, votes }) => `${host} ${votes === 0 ? 'no vote' : 'votes'}`).join(', ')}`,
  'members afterwards': ({ membersAfter }) => membersAfter,
  steps: ({ steps, trafficPercent }) => [...steps, ...trafficPercent].join(', '),
  'DNS weights': ({ weightsBefore }) => weightsBefore.map(({ region, weight }) => `${region} ${weight}`).join(', '),
  'DNS weights afterwards': ({ weightsAfter }) =>
    weightsAfter.map(({ region, weight }) => `${region} ${weight}`).join(', '),
  services: ({ replicasBefore }) => replicasBefore.map(({ region, replicas }) => `${region} ${replicas}`).join(', '),
  'services afterwards': ({ replicasAfter }) =>
    replicasAfter.map(({ region, replicas }) => `${region} ${replicas}`).join(', '),
  configuration: ({ configurationBefore }) => configurationBefore,
  'configuration afterwards': ({ configurationAfter }) => configurationAfter,
};

/**
 * What changed since people approved that voids their approval: every fact that differs, and every figure past its
 * limit, with the figure that explains it. Empty: the approval still holds, however the other figures moved.
 */
export function driftBeyond(
  previewed: { readonly facts: MoveFacts; readonly limits: MoveLimits; readonly live: MoveLive },
  now: MovePreview,
): Drift[] {
  const rows: Drift[] = now.problems.map(({ message }) => ({ what: 'ready', before: 'yes', after: message }));
  const { facts, live } = now;
  for (const [what, of] of Object.entries(FACTS)) {
    const before = words(of(previewed.facts));
    const after = facts ? words(of(facts)) : 'not known';
    if (before !== after && (facts || rows.length === 0)) rows.push({ what, before, after });
  }
  if (live) rows.push(...overLimit(previewed, live));
  return rows;
}

function overLimit(
  { facts, limits, live: before }: { readonly facts: MoveFacts; readonly limits: MoveLimits; readonly live: MoveLive },
  live: MoveLive,
): Drift[] {
  if (live.expectedPauseMs <= limits.pauseMs) return [];
  const row = (what: string, from: number, to: number, over?: number): Drift => ({
    what,
    before: formatDuration(from),
    after: formatDuration(to),
    ...(over === undefined ? {} : { over: formatDuration(over) }),
  });
  return [
    row(`${facts.to} behind by`, before.lagMs, live.lagMs),
    row('Writes pause about', before.expectedPauseMs, live.expectedPauseMs, limits.pauseMs),
  ];
}

function words(fact: unknown): string {
  if (typeof fact === 'string') return fact;
  return typeof fact === 'number' ? formatCount(fact) : canonicalJson(fact);
}
