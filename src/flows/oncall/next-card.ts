import type { Asked } from '#chatops';
import { at, bold, type Text } from '#core';
import { byFirst, joinStretches, lookAhead, openDuty, type Stretch } from '#oncall';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import { AHEAD_DAYS, aheadFrom, type DutyWorld, firstOf, planAloneLines } from './duty-words.ts';

const SHOWN = 12;

interface HandOver {
  readonly from: Stretch;
  readonly to: Stretch;
}

/** `/dr oncall next`: the hand-overs to come, of one role or of all, the nearest first. */
export async function nextCard(
  { role: typed }: { readonly role: string | undefined },
  asked: Pick<Asked, 'at'>,
  world: DutyWorld,
): Promise<Card> {
  const { plan, roster } = world;
  const roles = typed === undefined ? roster.roles() : [roster.findRole(typed)];
  const read = await openDuty(world).overrides();
  const handOvers = roles
    .flatMap((role) => pairs(joinStretches(lookAhead(plan, read.overrides, role, aheadFrom(asked.at)), byFirst)))
    .toSorted((a, b) => a.to.from.getTime() - b.to.from.getTime());
  const none = `No hand-over in the next ${AHEAD_DAYS} days.`;
  const more = handOvers.length - SHOWN;
  return card(handOvers[0] ? `${handOvers.length} hand-overs to come.` : none, [
    lines(
      [bold(handOvers[0] ? 'Hand-overs' : none)],
      ...planAloneLines(read),
      ...handOvers.slice(0, SHOWN).map((each) => line(each, world)),
      ...(more > 0 ? [[`and ${more} more in ${AHEAD_DAYS} days`]] : []),
    ),
    small('Another person for a while: /dr oncall override   Two turns exchanged: /dr oncall swap'),
  ]);
}

const pairs = (stretches: readonly Stretch[]): HandOver[] =>
  stretches.slice(1).flatMap((to, index) => {
    const from = stretches[index];
    return from ? [{ from, to }] : [];
  });

function line({ from, to }: HandOver, { roster }: DutyWorld): Text {
  const [began, ended] = [to.order.override, from.order.override];
  const why = began ? ` (${began.id})` : ended ? ` (end of ${ended.id})` : '';
  return [
    at(to.from),
    `  ${roster.title(to.role)}: `,
    firstOf(from.order.people),
    ' to ',
    firstOf(to.order.people),
    why,
  ];
}
