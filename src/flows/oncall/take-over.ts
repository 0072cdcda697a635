import type { Asked } from '#chatops';
import { bold, DrError, mention, outside, type Text } from '#core';
import { type Override, readOverrides, setOverrides } from '#oncall';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import { bothClocks, type DutyWorld, people } from './duty-words.ts';
import { replacedBy, tellSet } from './tell-override.ts';
import { askerOf, checkTaker, typedTimes } from './wanted-override.ts';

export interface TakeOver {
  readonly role: string;
  readonly person: string;
  readonly from?: string | undefined;
  readonly until: string;
  readonly reason?: string | undefined;
}

/**
 * `/dr oncall override`: somebody takes a role for a while. Whom we call changes; nobody's right to approve does. Asked for
 * twice it is set once.
 */
export async function takeOver(typed: TakeOver, asked: Asked, world: DutyWorld): Promise<Card> {
  const { roster, store } = world;
  const by = askerOf(asked);
  const role = roster.findRole(typed.role);
  const wanted = { person: roster.findPerson(typed.person).id, ...typedTimes(typed, asked) };
  checkTaker(role, wanted, by, world);
  await refuseNeedless({ ...wanted, role }, world);
  const [override] = await setOverrides(store, roster, { role, wanted: [wanted], reason: typed.reason, by });
  if (!override) throw new DrError('UNEXPECTED', 'bug', 'An override was set and is not there.');
  const replaced = replacedBy(override, await readOverrides(store), world);
  await tellSet(override, replaced, world);
  return overrideCard(override, replaced, world);
}

/** Somebody who has it anyway needs no override; one that is there already for the same person does not count for that. */
async function refuseNeedless(
  wanted: Pick<Override, 'role' | 'person' | 'from' | 'until'>,
  world: DutyWorld,
): Promise<void> {
  const { roster, store } = world;
  const others = (await readOverrides(store)).filter(({ person, calendar }) => calendar || person !== wanted.person);
  if (replacedBy(wanted, others, world).length > 0) return;
  if (roster.callOrder(wanted.role, wanted.from, others).people[0] !== wanted.person) return;
  throw new DrError(
    'WRONG_STATE',
    'user',
    `${roster.name(wanted.person)} is called first for ${roster.title(wanted.role)} then anyway. Nothing was changed.`,
    { hint: '/dr oncall next' },
  );
}

function overrideCard(override: Override, replaced: Override['person'][], { roster }: DutyWorld): Card {
  const { id, role, person, from, until, reason } = override;
  const title = roster.title(role);
  const then = roster.callOrder(role, from, [override]).people;
  const holds = roster.rolesOf(person).includes(role);
  const facts: Text[] = [
    ['From ', ...bothClocks(from)],
    ['Until ', ...bothClocks(until)],
    ...(replaced.length > 0 ? [['In place of ', ...people(replaced)] satisfies Text] : []),
    ...(reason === undefined ? [] : [[outside(reason)] satisfies Text]),
  ];
  return card(`${roster.name(person)} takes ${title} (${id}).`, [
    lines([bold(`SET - ${title} on call`), `   ${id}`], [mention(person), ' is called first'], ...facts),
    lines(then.length > 1 ? ['No answer: ', ...people(then.slice(1))] : ['No answer: nobody after']),
    ...(holds
      ? []
      : [lines([mention(person), ` is called, and can not approve as ${title}: the plan does not say so.`])]),
    small(`It changes whom we call, never who may approve. Take it back: /dr oncall cancel ${id}`),
  ]);
}
