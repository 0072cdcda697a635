import { bold, counted, type Text } from '#core';
import type { GapReport } from '#oncall';
import { joinWords } from '#plan';
import { AHEAD_DAYS } from './duty-words.ts';

/** One line on how good the roster is, worst first: GAPS, THIN or GOOD, and why. */
export function qualityWords({ nobody, alone, unreachable, roles }: GapReport): Text {
  const rolesIn = (list: GapReport['nobody']): number => new Set(list.map(({ role }) => role)).size;
  const [empty, single] = [rolesIn(nobody), rolesIn(alone)];
  const why = [
    ...(empty > 0 ? [`${counted(empty, 'role')} at times with nobody`] : []),
    ...(single > 0 ? [`${counted(single, 'role')} at times with only one person`] : []),
    ...(unreachable.length > 0 ? [`${counted(unreachable.length, 'person', 'people')} not reached by every way`] : []),
  ];
  const head = (word: string): Text => [`Next ${AHEAD_DAYS} days: `, bold(word), ' - '];
  if (why.length === 0) {
    return [
      ...head('GOOD'),
      `${roles === 1 ? 'the role has' : `all ${roles} roles have`} a second person at any time.`,
    ];
  }
  return [...head(empty > 0 ? 'GAPS' : 'THIN'), `${joinWords(why, 'and')}.`];
}
