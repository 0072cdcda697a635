import { z } from 'zod';
import { Region } from '#core';
import { CheckName, type Plan } from '#plan';
import { ProbeResult } from '#ports';
import { probeKey, type Seen } from './probe.ts';

/** What one detector makes of one probe: its last answer, and what that and those before it amount to. */
export const Stand = z.object({
  key: z.string(),
  name: z.string(),
  check: CheckName,
  region: Region.optional(),
  subject: z.string(),
  speaksFor: z.enum(['check', 'itself']),
  last: ProbeResult,
  lastAt: z.date(),
  ms: z.number(),
  /** After enough failures in a row it is failing, and stays so until enough were well. */
  verdict: z.enum(['well', 'failing', 'unknown']),
  /** What it was when it was seen last: a look that sees nothing changes nothing. */
  held: z.enum(['well', 'failing']).optional(),
  failures: z.number().int(),
  wells: z.number().int(),
  unknowns: z.number().int(),
  /** When the first failure of the row was seen. */
  failingSince: z.date().optional(),
  /** When the verdict became what it is. */
  since: z.date(),
});
export type Stand = z.output<typeof Stand>;

export type Patience = Pick<Plan, 'thresholds' | 'detection'>;

/**
 * Adds one answer to what is known. `consecutive_failures` in a row make a probe failing, `recover_after` well ones make it
 * well again; an answer that sees nothing breaks neither row, but as many of those make it unknown. The first well one, also
 * the first after that, counts at once. Pure.
 */
export function track(before: Stand | undefined, seen: Seen, at: Date, plan: Patience): Stand {
  const { probe, result, ms } = seen;
  const { consecutiveFailures } = plan.thresholds;
  const rows = countOn(before, result);
  const held = heldAfter(before, result, rows, plan);
  const blind = rows.unknowns >= consecutiveFailures || held === undefined;
  const verdict = blind ? 'unknown' : held;
  const failingSince = rows.failures === 0 && held !== 'failing' ? undefined : (before?.failingSince ?? at);
  return {
    key: probeKey(probe),
    name: probe.name,
    check: probe.check,
    ...(probe.region ? { region: probe.region } : {}),
    subject: probe.subject,
    speaksFor: probe.speaksFor,
    last: result,
    lastAt: at,
    ms: Math.round(ms),
    verdict,
    ...(held ? { held } : {}),
    ...rows,
    ...(failingSince ? { failingSince } : {}),
    since: before && before.verdict === verdict ? before.since : at,
  };
}

type Rows = Pick<Stand, 'failures' | 'wells' | 'unknowns'>;

function countOn(before: Stand | undefined, result: ProbeResult): Rows {
  const { failures, wells, unknowns } = before ?? { failures: 0, wells: 0, unknowns: 0 };
  switch (result.state) {
    case 'failed':
      return { failures: failures + 1, wells: 0, unknowns: 0 };
    case 'well':
      return { failures: 0, wells: wells + 1, unknowns: 0 };
    case 'unknown':
      return { failures, wells, unknowns: unknowns + 1 };
  }
}

function heldAfter(before: Stand | undefined, { state }: ProbeResult, rows: Rows, plan: Patience): Stand['held'] {
  const held = before?.held;
  if (state === 'failed' && rows.failures >= plan.thresholds.consecutiveFailures) return 'failing';
  if (state !== 'well') return held;
  // as at the very first look: where nobody is sent for an hour, what failed before it says nothing of now
  if (before?.verdict === 'unknown') return 'well';
  return held === 'failing' && rows.wells < plan.detection.recoverAfter ? 'failing' : 'well';
}
