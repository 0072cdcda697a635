import type { Finding } from './finding.ts';
import type { PlanSections } from './sections.ts';

/** People who are there twice: under another id, or as their own deputy. One human must never be two approvers. */
export function checkRoster({ roster, contacts }: PlanSections): Finding[] {
  if (!roster) return [];
  const people = Object.entries(roster.people);
  const team = contacts?.slackTeam ?? '';
  const account = people.map(([, { slackUser, slackTeam }]) => slackUser && `${slackTeam ?? team}/${slackUser}`);
  const names = people.map(([, { name }]) => name.trim().toLowerCase());
  const before = (list: readonly unknown[], index: number): string | undefined => {
    const first = list.indexOf(list[index]);
    return list[index] !== undefined && first < index ? people[first]?.[0] : undefined;
  };
  return [
    ...people.flatMap(([id], index): Finding[] => {
      const twin = before(account, index);
      const namesake = before(names, index);
      const path = ['roster', 'people', id];
      if (twin !== undefined) {
        const sentence = `has the Slack account of ${twin}. One account is one person.`;
        return [{ path: [...path, 'slackUser'], at: 'value', sentence }];
      }
      if (namesake === undefined) return [];
      return [
        { path: [...path, 'name'], at: 'value', sentence: `is the name of ${namesake} too. A person is there once.` },
      ];
    }),
    ...Object.entries(roster.roles).flatMap(([role, { primary, backup }]): Finding[] => {
      if (primary !== backup) return [];
      const path = ['roster', 'roles', role, 'backup'];
      return [
        { path, at: 'value', sentence: `${backup} is the primary contact already. Name another person or none.` },
      ];
    }),
  ];
}
