import type { Region, Text } from '#core';
import { capital } from '#core';
import type { Plan } from '#plan';
import { type Case, earliest, gravest, type Words } from './case.ts';
import type { Counted } from './overall.ts';

export const regionKey = (region: Region): string => `region/${region}`;

/**
 * A region as a whole. It is dead when each of the plan's critical checks fails there, as seen from as many vantage
 * points as the plan says; its own detector is not needed, and has one voice like the others.
 */
export function regionCases(counted: readonly Counted[], cases: readonly Case[], plan: Plan): Case[] {
  const regions = new Set(counted.flatMap(({ unit }) => unit.region ?? []));
  return [...regions].flatMap((region): Case[] => {
    const own = cases.filter((each) => each.critical && isOf(each, region, counted));
    if (own.length === 0) return [];
    const seenBy = own[0]?.seenBy.filter((from) => own.every((each) => each.seenBy.includes(from))) ?? [];
    // a check that nobody makes there says nothing for its death
    const isLooked = plan.detection.checks.every(
      ({ name, critical }) => !critical || own.some(({ check }) => check === name),
    );
    const allFail = isLooked && own.every(({ raw }) => raw === 'failing');
    const isDead = allFail && seenBy.length >= plan.detection.seenBy;
    const isAlive = own.some(({ raw }) => raw === 'well');
    return [
      {
        key: regionKey(region),
        check: 'region',
        region,
        // that fewer see it than before is no sign of life
        raw: isDead ? 'failing' : isAlive ? 'well' : undefined,
        since: isDead ? earliest(own.map(({ since }) => since)) : undefined,
        ...gravestOf(plan),
        critical: true,
        seenBy: isDead ? seenBy : [],
        words: isDead ? wordsOf(region, own, seenBy, counted, plan) : undefined,
      },
    ];
  });
}

const gravestOf = (plan: Plan) => {
  const { severity, role } = gravest(plan);
  return { severity, role };
};

/** What a thing without a region says about one (where the primary should be) is not that region's own. */
const isOf = ({ key }: Case, region: Region, counted: readonly Counted[]): boolean =>
  counted.some(({ unit }) => unit.key === key && unit.region === region);

function wordsOf(
  region: Region,
  own: readonly Case[],
  seenBy: readonly Region[],
  counted: readonly Counted[],
  plan: Plan,
): Words {
  const reasons = own.flatMap(({ words }, index): Text => [...(index === 0 ? [] : [' ']), ...(words?.cause ?? [])]);
  const answering = counted.flatMap(({ unit, agreed }) =>
    unit.region === region &&
    unit.speaksFor === 'itself' &&
    agreed.verdict === 'well' &&
    unit.check === 'external_dependencies'
      ? [unit.opinions[0]?.stands[0]?.subject ?? unit.key]
      : [],
  );
  const ownEyes = counted.flatMap(({ unit }) =>
    own.some(({ key }) => key === unit.key) ? unit.opinions.filter(({ from }) => from === region) : [],
  );
  const ownWell =
    ownEyes.length > 0 && ownEyes.every(({ stands }) => stands.every(({ last }) => last.state === 'well'));
  return {
    title: `${region} is down`,
    cause: [
      `Each critical check of ${region} fails, seen from ${seenBy.join(', ')}. `,
      ...reasons,
      ...(answering.length > 0 ? [` Still answering there: ${answering.join(', ')}.`] : []),
      ...(ownWell ? [' Its own detector sees it well: it may be cut off, not dead.'] : []),
    ],
    effect: [`${capital(plan.system.users)} who are sent to ${region} are not served.`],
    next: nextOf(region, plan),
    hostile: own.some(({ words }) => words?.hostile ?? false),
    numbers: Object.assign({}, ...own.map(({ words }) => words?.numbers ?? {})),
  };
}

/** Shows what a failover would do, and asks nobody. */
function nextOf(region: Region, plan: Plan): string {
  const other = Object.entries(plan.regions).find(([name, { role }]) => name !== region && role !== 'cold-standby');
  return other ? `/dr failover ${other[0]} --dry-run` : `/dr health --region ${region}`;
}
