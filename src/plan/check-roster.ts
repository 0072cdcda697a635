import type { Finding } from './finding.ts';
import type { RosterPerson } from './people.ts';
import { holdersOf } from './roster-reading.ts';
import type { PlanSections } from './sections.ts';

/**
 * People who are there twice: under another id, or as their own deputy. One human must never be two approvers, and a page
 * that escalates to whoever slept through it wakes nobody. And people in a role whom nothing reaches.
 */
export function checkRoster({ roster, contacts }: PlanSections): Finding[] {
  if (!roster) return [];
  const people = Object.entries(roster.people);
  return [
    ...people.flatMap(([id], index) => twiceThere(people, index, contacts?.slackTeam ?? '', id)),
    ...Object.entries(roster.roles).flatMap(([role, { primary, backup }]): Finding[] => {
      if (primary !== backup) return [];
      const path = ['roster', 'roles', role, 'backup'];
      return [
        { path, at: 'value', sentence: `${backup} is the primary contact already. Name another person or none.` },
      ];
    }),
    ...people.flatMap(([id, person]): Finding[] => {
      const holds = Object.values(roster.roles).some((role) => holdersOf(role).some((holder) => holder === id));
      if (!holds || isReachable(person)) return [];
      const sentence =
        'has a role and can be reached by nothing. Give an account, a phone number or an e-mail address.';
      return [{ path: ['roster', 'people', id], at: 'key', sentence }];
    }),
  ];
}

/** What is one person's alone, and how it is said that somebody else has it too. */
const OWN: readonly {
  readonly key: keyof RosterPerson;
  readonly of: (person: RosterPerson, team: string) => string | undefined;
  readonly says: (twin: string) => string;
}[] = [
  {
    key: 'slackUser',
    of: ({ slackUser, slackTeam }, team) => slackUser && `${slackTeam ?? team}/${slackUser}`,
    says: (twin) => `has the Slack account of ${twin}. One account is one person.`,
  },
  {
    key: 'name',
    of: ({ name }) => name.trim().toLowerCase(),
    says: (twin) => `is the name of ${twin} too. A person is there once.`,
  },
  {
    key: 'pagerdutyUser',
    of: ({ pagerdutyUser }) => pagerdutyUser,
    says: (twin) => `has the PagerDuty user of ${twin}. One account is one person.`,
  },
  {
    key: 'phone',
    of: ({ phone }) => phone?.replaceAll('-', ''),
    says: (twin) => `is the telephone of ${twin} too. Calling the second would wake the first again.`,
  },
  {
    key: 'email',
    of: ({ email }) => email?.toLowerCase(),
    says: (twin) => `is the address of ${twin} too. One address is one person.`,
  },
];

/** The first thing that somebody before has too; what follows from being one human is no further mistake. */
function twiceThere(people: readonly [string, RosterPerson][], index: number, team: string, id: string): Finding[] {
  for (const { key, of, says } of OWN) {
    const values = people.map(([, person]) => of(person, team));
    const first = values.indexOf(values[index]);
    const twin = people[first]?.[0];
    if (values[index] === undefined || first >= index || twin === undefined) continue;
    return [{ path: ['roster', 'people', id, key], at: 'value', sentence: says(twin) }];
  }
  return [];
}

const isReachable = ({ slackUser, pagerdutyUser, phone, email }: RosterPerson): boolean =>
  [slackUser, pagerdutyUser, phone, email].some((way) => way !== undefined);
