import type { Finding } from '../finding.ts';

const failing = ({ state }: Finding): boolean => state === 'failing';

/** When it is looked, and how long what began or ended together may differ: rounds of detectors are not in step. */
interface Pace {
  readonly now: Date;
  readonly withinMs: number;
}

/**
 * What is explained by something else that fails: all of a dead region's, what lies in no region and fell silent with it, the
 * whole database's when the region had a part of it, an application's when its database has no primary, and what was read from
 * an alarm, which is told by itself. A region that comes back explains its rest a little longer, as does one of which nobody can
 * say whether it does: it does not come back in one moment. Such findings stay, with the key of what explains them, and nobody
 * is called for them. Pure.
 */
export function withConsequences(findings: readonly Finding[], pace: Pace): Finding[] {
  const dead = findings.filter((each) => each.check === 'region' && (each.state !== 'well' || isJustBack(each, pace)));
  const database = findings.find((each) => each.key === 'database_connectivity' && failing(each));
  return findings.map((finding) => {
    const reason = failing(finding) ? (reasonOf(finding, findings, dead, database, pace) ?? finding.alarm) : undefined;
    return reason === undefined ? finding : { ...finding, consequenceOf: reason };
  });
}

function reasonOf(
  finding: Finding,
  findings: readonly Finding[],
  dead: readonly Finding[],
  database: Finding | undefined,
  pace: Pace,
): string | undefined {
  if (finding.check === 'region') return undefined;
  const own = dead.find(({ region }) => region !== undefined && region === finding.region);
  if (own) return own.key;
  const lost = dead.find(({ region }) => findings.some(({ key }) => key === `database_connectivity/${region}`));
  if (lost && finding.critical && finding.check === 'database_connectivity') return lost.key;
  if (isOutside(finding)) return dead.find((region) => beganTogether(finding, region, pace))?.key;
  if (finding.check !== 'application_response' || !database) return undefined;
  return lost?.key ?? database.key;
}

/** Where what everybody needs lies is known to nobody: a control API, a queue. Never what somebody may be doing to us. */
const isOutside = ({ check, region, critical, hostile }: Finding): boolean =>
  check === 'external_dependencies' && region === undefined && !critical && !hostile;

const beganTogether = (finding: Finding, { since }: Finding, { withinMs }: Pace): boolean =>
  Math.abs(finding.since.getTime() - since.getTime()) <= withinMs;

const isJustBack = ({ state, since }: Finding, { now, withinMs }: Pace): boolean =>
  state === 'well' && now.getTime() - since.getTime() <= withinMs;
