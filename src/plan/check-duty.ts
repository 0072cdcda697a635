import type { Finding } from './finding.ts';
import type { PlanSections } from './sections.ts';

/** Absences that end before they begin, and rotations in which nobody is ever relieved. */
export function checkDuty({ roster }: PlanSections): Finding[] {
  if (!roster) return [];
  return [
    ...roster.away.flatMap(({ from, until }, index): Finding[] => {
      if (Date.parse(from) < Date.parse(until)) return [];
      const sentence = `is not after ${from}. An absence ends after it began.`;
      return [{ path: ['roster', 'away', index, 'until'], at: 'value', sentence }];
    }),
    ...Object.entries(roster.roles).flatMap(([role, { rotation }]): Finding[] => {
      if (!rotation || new Set(rotation.people).size > 1) return [];
      const sentence = `has only ${rotation.people[0]}. Name another person, or leave the rotation out.`;
      return [{ path: ['roster', 'roles', role, 'rotation', 'people'], at: 'value', sentence }];
    }),
  ];
}
