import type { Region } from '#core';
import type { Finding } from '../finding.ts';
import { regionKey } from './region-case.ts';

const failing = ({ state }: Finding): boolean => state === 'failing';

/**
 * What is explained by something else that fails: all of a dead region's, the whole database's when the region had a part of
 * it, an application's when its database has no primary, and what was read from an alarm, which is told by itself. Such
 * findings stay, with the key of what explains them, and nobody is called for them. Pure.
 */
export function withConsequences(findings: readonly Finding[]): Finding[] {
  const dead = findings.flatMap((each) =>
    each.check === 'region' && failing(each) && each.region ? [each.region] : [],
  );
  const database = findings.find((each) => each.key === 'database_connectivity' && failing(each));
  return findings.map((finding) => {
    const reason = failing(finding) ? (reasonOf(finding, findings, dead, database) ?? finding.alarm) : undefined;
    return reason === undefined ? finding : { ...finding, consequenceOf: reason };
  });
}

function reasonOf(
  finding: Finding,
  findings: readonly Finding[],
  dead: readonly Region[],
  database: Finding | undefined,
): string | undefined {
  if (finding.check === 'region') return undefined;
  if (finding.region && dead.includes(finding.region)) return regionKey(finding.region);
  const lost = dead.find((region) => findings.some(({ key }) => key === `database_connectivity/${region}`));
  if (lost && finding.critical && finding.check === 'database_connectivity') return regionKey(lost);
  if (finding.check !== 'application_response' || !database) return undefined;
  return lost ? regionKey(lost) : database.key;
}
