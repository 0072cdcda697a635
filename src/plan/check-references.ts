import { closest } from '#core';
import type { Finding } from './finding.ts';
import { quote } from './finding.ts';
import { meantRegion } from './region-names.ts';
import type { PlanSections } from './sections.ts';

/** Names that point at something the plan does not have: regions, roles, people, components. */
export function checkReferences(plan: PlanSections): Finding[] {
  return [...regionReferences(plan), ...roleReferences(plan), ...peopleReferences(plan), ...componentReferences(plan)];
}

function unknownName(
  path: readonly PropertyKey[],
  at: Finding['at'],
  given: string,
  noun: string,
  known: readonly string[],
): Finding[] {
  if (known.includes(given)) return [];
  const meant = closest(given, known);
  const fix = meant === undefined ? `The plan has ${known.join(', ')}.` : `Did you mean ${meant}?`;
  return [{ path, at, sentence: `${quote(given)} is not ${noun}. ${fix}` }];
}

function regionReferences({ regions, mongodb, service }: PlanSections): Finding[] {
  if (!regions) return [];
  const names = Object.keys(regions);
  // Where the plan's own entry is misspelled, those that point at what it means are right.
  const known = [...names, ...names.flatMap((name) => meantRegion(name) ?? [])];
  const keysOf = (path: readonly PropertyKey[], record: object | undefined): Finding[] =>
    Object.keys(record ?? {}).flatMap((key) => unknownName([...path, key], 'key', key, 'a region', known));
  return [
    ...keysOf(['mongodb', 'vaultBuckets'], mongodb?.vaultBuckets),
    ...keysOf(['service', 'filesBuckets'], service?.filesBuckets),
    ...keysOf(['service', 'dns', 'switch'], service?.dns.switch),
    ...Object.entries(service?.dns.switch ?? {}).flatMap(([key, { region }]) =>
      unknownName(['service', 'dns', 'switch', key, 'region'], 'value', region, 'a region', known),
    ),
  ];
}

function roleReferences({ roster, severities, mayAsk, approvals, contacts, detection }: PlanSections): Finding[] {
  if (!roster) return [];
  const known = Object.keys(roster.roles);
  const list = (path: readonly PropertyKey[], roles: readonly string[]): Finding[] =>
    roles.flatMap((role, index) => unknownName([...path, index], 'value', role, 'a role', known));
  const security = contacts?.securityRole;
  return [
    ...(security === undefined ? [] : unknownName(['contacts', 'securityRole'], 'value', security, 'a role', known)),
    ...Object.entries(severities ?? {}).flatMap(([key, { page }]) => list(['severities', key, 'page'], page)),
    ...(detection?.checks ?? []).flatMap(({ role }, index) =>
      unknownName(['detection', 'checks', index, 'role'], 'value', role, 'a role', known),
    ),
    ...Object.entries(mayAsk ?? {}).flatMap(([key, rule]) =>
      typeof rule === 'string' ? [] : list(['mayAsk', key], rule),
    ),
    ...Object.entries(approvals ?? {}).flatMap(([key, policy]) =>
      policy === 'none'
        ? []
        : policy.needs.flatMap(({ anyOf }, index) => list(['approvals', key, 'needs', index, 'anyOf'], anyOf)),
    ),
  ];
}

function peopleReferences({ roster }: PlanSections): Finding[] {
  if (!roster) return [];
  const known = Object.keys(roster.people);
  const person = (path: readonly PropertyKey[], given: string | undefined): Finding[] =>
    given === undefined ? [] : unknownName(path, 'value', given, 'a person of the roster', known);
  return [
    ...Object.entries(roster.roles).flatMap(([role, { primary, backup, rotation }]) => {
      const path = ['roster', 'roles', role];
      return [
        ...person([...path, 'primary'], primary),
        ...person([...path, 'backup'], backup),
        ...(rotation?.people ?? []).flatMap((each, index) => person([...path, 'rotation', 'people', index], each)),
      ];
    }),
    ...roster.away.flatMap((absence, index) => person(['roster', 'away', index, 'person'], absence.person)),
  ];
}

function componentReferences({ compliance, components }: PlanSections): Finding[] {
  if (!compliance || !components) return [];
  const known = Object.keys(components);
  return compliance.dataClasses.flatMap(({ keptBy }, index) =>
    keptBy.flatMap((name, place) =>
      unknownName(['compliance', 'dataClasses', index, 'keptBy', place], 'value', name, 'a component', known),
    ),
  );
}
