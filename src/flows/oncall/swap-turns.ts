import type { Asked } from '#chatops';
import { at, bold, DrError, mention, type PersonId, parseComing, type Role, type Text } from '#core';
import { type Override, readOverrides, setOverrides, type Turn, turnsBetween, type WantedOverride } from '#oncall';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import { bothClocks, DAY_MS, type DutyWorld } from './duty-words.ts';
import { replacedBy, tellSet } from './tell-override.ts';
import { askerOf, checkTaker } from './wanted-override.ts';

export interface Swap {
  readonly role: string;
  readonly person: string;
  readonly other: string;
  readonly from?: string | undefined;
  readonly reason?: string | undefined;
}

/** Turns further away are not looked for. */
const WITHIN_DAYS = 366;

/** `/dr oncall swap`: two people exchange their next turns that have not begun. Two overrides, both or none. */
export async function swapTurns(typed: Swap, asked: Asked, world: DutyWorld): Promise<Card> {
  const { roster, store } = world;
  const by = askerOf(asked);
  const role = roster.findRole(typed.role);
  const [one, other] = [roster.findPerson(typed.person).id, roster.findPerson(typed.other).id];
  const from = parseComing(typed.from ?? 'now', asked.at, asked.timeZone);
  if (one === other) {
    throw new DrError('ARGUMENTS_INVALID', 'user', 'A swap takes two people. Nothing was changed.', {
      hint: `/dr oncall swap ${role} "..." "..."`,
    });
  }
  const [first, second] = [nextTurn(role, one, from, world), nextTurn(role, other, from, world)];
  const wanted: readonly [WantedOverride, WantedOverride] = [
    { ...second, person: one },
    { ...first, person: other },
  ];
  for (const half of wanted) checkTaker(role, half, by, world);
  const halves = await setOverrides(store, roster, { role, wanted, reason: typed.reason, by });
  const present = await readOverrides(store);
  for (const half of halves) await tellSet(half, replacedBy(half, present, world), world);
  return swapCard(role, halves, world);
}

/** The person's first turn that begins at `from` or later. Throws WRONG_STATE (user) where there is none. */
function nextTurn(role: Role, person: PersonId, from: Date, { plan, roster }: DutyWorld): Turn {
  const rotation = plan.roster.roles[role]?.rotation;
  const title = roster.title(role);
  if (!rotation) {
    throw new DrError('WRONG_STATE', 'user', `Nobody takes turns as ${title}. Nothing was changed.`, {
      hint: `/dr oncall override ${role} "..." --until "..."`,
    });
  }
  const until = new Date(from.getTime() + WITHIN_DAYS * DAY_MS);
  const found = turnsBetween(rotation, plan.timeZone, from, until).find(
    (turn) => turn.person === person && turn.from >= from,
  );
  if (found) return found;
  const others = [...new Set(rotation.people)].map((each) => roster.name(each));
  throw new DrError('WRONG_STATE', 'user', `${roster.name(person)} has no turn as ${title}. Nothing was changed.`, {
    hint: `In turns: ${others.join(', ')}`,
  });
}

function swapCard(role: Role, halves: readonly Override[], { roster }: DutyWorld): Card {
  const title = roster.title(role);
  const names = halves.map(({ person }) => roster.name(person)).join(' and ');
  const line = ({ id, person, from, until }: Override): Text[] => [
    [bold(id), '  ', mention(person)],
    ['From ', ...bothClocks(from)],
    ['Until ', at(until)],
  ];
  return card(`${names} exchange turns as ${title}.`, [
    lines([bold(`SET - ${title}, turns exchanged`)]),
    ...halves.map((half) => lines(...line(half))),
    small(
      `It changes whom we call, never who may approve. Take both back: /dr oncall cancel ${halves[0]?.id ?? 'OV-number'}`,
    ),
  ]);
}
