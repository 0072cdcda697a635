import { capital, type Region, type Text } from '#core';
import type { Plan } from '#plan';
import type { Stand } from '../track.ts';
import { type Case, earliest, gravest, lower, type Words } from './case.ts';
import type { Counted } from './overall.ts';

/** A check in a region, or what speaks for itself, as a case. */
export function unitCase({ unit, agreed }: Counted, plan: Plan): Case {
  const { severity, role, critical } = plan.detection.checks.find(({ name }) => name === unit.check) ?? unlisted(plan);
  const isItself = unit.speaksFor === 'itself';
  const failing = unit.opinions.flatMap(({ verdict, stands }) =>
    verdict === 'failing' ? stands.filter((stand) => stand.verdict === 'failing') : [],
  );
  const raw = rawOf(agreed, plan);
  return {
    key: unit.key,
    check: unit.check,
    region: unit.region ?? whereOf(failing),
    raw,
    since: earliest(failing.map(({ failingSince }) => failingSince)),
    severity: isItself && critical ? lower(severity) : severity,
    role,
    critical: critical && !isItself,
    seenBy: agreed.failing,
    words: raw === 'failing' ? wordsOf(failing, agreed.failing, plan) : undefined,
  };
}

/** Where they disagree, enough who see it well end what was failing: the one who does not has a finding of its own. */
function rawOf({ verdict, well }: Counted['agreed'], { detection }: Plan): Case['raw'] {
  if (verdict === 'unknown') return undefined;
  if (verdict !== 'disputed') return verdict;
  return well.length >= detection.seenBy ? 'well' : undefined;
}

/** A check that the plan has no word about is looked at for show only. */
const unlisted = (plan: Plan) => ({ ...gravest(plan), severity: 'sev-3' as const, critical: false });

const whereOf = (stands: readonly Stand[]): Region | undefined =>
  stands.flatMap(({ last }) => (last.state === 'failed' && last.where ? [last.where] : []))[0];

/** One probe's words once, however many vantage points say them; undefined while none of them fails at this moment. */
function wordsOf(failing: readonly Stand[], seenBy: readonly Region[], plan: Plan): Words | undefined {
  const said = [...Map.groupBy(failing, ({ key }) => key).values()].flatMap((same) =>
    same.flatMap(({ last, ...stand }) => (last.state === 'failed' ? [{ ...stand, last }] : [])).slice(0, 1),
  );
  const [first] = said;
  if (!first) return undefined;
  const { last, region } = first;
  const where = region ?? last.where;
  const inRow = Math.max(...failing.map(({ failures }) => failures));
  const reasons = said.flatMap(({ last: each }, index): Text => [...(index === 0 ? [] : ['; ']), ...each.words]);
  return {
    title: where ? `${where} ${last.what}` : capital(last.what),
    cause: [...withoutStop(reasons), `. ${inRow} failed checks in a row, seen from ${seenBy.join(', ')}.`],
    effect: last.effect ?? effectOf(first, plan),
    next: last.next ?? (where ? `/dr health --region ${where}` : '/dr health'),
    hostile: said.some((each) => each.last.hostile),
    ...(last.alarm ? { alarm: last.alarm } : {}),
    numbers: { ...Object.assign({}, ...said.map((each) => each.last.numbers)), inRow },
  };
}

/** Words from elsewhere may be whole sentences. */
function withoutStop(words: Text): Text {
  const last = words.at(-1);
  if (typeof last !== 'string') return words;
  const bare = last.replace(/[.\s]+$/, '');
  return bare === '' ? withoutStop(words.slice(0, -1)) : [...words.slice(0, -1), bare];
}

function effectOf({ check, region, subject, speaksFor }: Stand, { system }: Plan): Text {
  switch (check) {
    case 'database_connectivity':
      return speaksFor === 'check' && region === undefined
        ? [system.effectWhenDown]
        : ['The database goes on as long as its other members do.'];
    case 'application_response':
      return [`${capital(system.users)} who are sent to ${region ?? 'it'} are not served.`];
    case 'external_dependencies':
      return [`What needs ${subject} waits until it answers; nothing that was stored is lost.`];
    case 'resource_availability':
      return ['What runs goes on. There is less room for the next trouble.'];
    case 'security_posture':
      return ['The system and its backups are less protected than the plan says.'];
  }
}
