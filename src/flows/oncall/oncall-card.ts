import type { Asked } from '#chatops';
import { at, bold, counted, type Role, type Text } from '#core';
import { byFirst, type CallOrder, endOf, findGaps, joinStretches, lookAhead, type Override, openDuty } from '#oncall';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import { aheadFrom, type DutyWorld, firstOf, people, planAloneLines } from './duty-words.ts';
import { qualityWords } from './quality-words.ts';

/** More would push the roles off a phone. */
const OVERRIDES_SHOWN = 5;

/** `/dr oncall`: who is called now for which role, until when, and who then. */
export async function oncallCard(asked: Pick<Asked, 'at'>, world: DutyWorld): Promise<Card> {
  const { plan, roster } = world;
  const read = await openDuty(world).overrides();
  const now = asked.at;
  const roles = roster.roles();
  const first = new Set(roles.map((role) => roster.callOrder(role, now, read.overrides).people[0]));
  const names = [...first].flatMap((person) => (person === undefined ? [] : roster.name(person)));
  const toCome = read.overrides
    .filter((override) => !override.calendar && override.from > now && endOf(override) > override.from)
    .toSorted((a, b) => a.from.getTime() - b.from.getTime());
  const quality = qualityWords(findGaps(plan, roster, read.overrides, aheadFrom(now)));
  return card(names.length > 0 ? `On duty: ${names.join(', ')}.` : 'Nobody is on duty.', [
    lines([bold('On duty'), ' at ', at(now)], ...planAloneLines(read)),
    ...roles.map((role) => lines(...roleLines(role, now, read.overrides, world))),
    toCome.length > 0 ? [lines([bold('Overrides to come')], ...overrideLines(toCome, world))] : [],
    lines(quality, ['Hand-overs: /dr oncall next   Who is missing: /dr oncall gaps']),
    small(
      `Hotline ${plan.contacts.hotline}. ${counted(roster.people().length, 'person', 'people')} on the roster. Duty is whom we call; who may approve is in the plan.`,
    ),
  ]);
}

function roleLines(role: Role, now: Date, overrides: readonly Override[], { plan, roster }: DutyWorld): Text[] {
  const [present, next] = joinStretches(lookAhead(plan, overrides, role, aheadFrom(now)), byFirst);
  if (!present) return [];
  const { people: called } = present.order;
  const until: Text = next ? [' until ', at(present.until), ', then ', firstOf(next.order.people)] : [];
  const title = roster.title(role);
  const responsibility = plan.roster.roles[role]?.responsibility;
  return [
    [bold(title), ...(responsibility === undefined ? [] : [` - ${responsibility}`])],
    ['Now ', firstOf(called), ...becauseOf(present.order), ...until],
    called.length > 1 ? ['No answer: ', ...people(called.slice(1))] : ['No answer: nobody after'],
  ];
}

const becauseOf = ({ override, turn, people: [first] }: CallOrder): Text => {
  if (override) return [` (${override.id})`];
  return turn && turn.person !== first ? [' (whose turn it is is away)'] : [];
};

function overrideLines(overrides: readonly Override[], { roster }: DutyWorld): Text[] {
  const more = overrides.length - OVERRIDES_SHOWN;
  return [
    ...overrides
      .slice(0, OVERRIDES_SHOWN)
      .map(
        (override): Text => [
          `${override.id}  ${roster.title(override.role)}: `,
          firstOf([override.person]),
          ' from ',
          at(override.from),
          ' until ',
          at(endOf(override)),
        ],
      ),
    ...(more > 0 ? [[`and ${more} more`]] : []),
  ];
}
