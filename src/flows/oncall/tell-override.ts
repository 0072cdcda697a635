import { at, bold, mention, type OverrideId, outside, type PersonId, say, type Text } from '#core';
import { byFirst, joinStretches, lookAhead, type Override } from '#oncall';
import { queueDirectMessage } from '#record';
import { plain } from '../errors-to-card.ts';
import { type DutyWorld, people } from './duty-words.ts';

/** Whoever else would be called first during that time, by the plan and the other overrides; in order, each once. */
export function replacedBy(
  {
    id,
    role,
    person,
    from,
    until,
  }: Pick<Override, 'role' | 'person' | 'from' | 'until'> & { readonly id?: OverrideId },
  overrides: readonly Override[],
  { plan }: DutyWorld,
): PersonId[] {
  const others = overrides.filter((each) => each.id !== id);
  const stretches = joinStretches(lookAhead(plan, others, role, { from, until }), byFirst);
  const first = stretches.flatMap(({ order }) => order.people[0] ?? []);
  return [...new Set(first)].filter((each) => each !== person);
}

/**
 * Writes into the record that somebody takes a role, and tells those whom it concerns and who did not ask for it: nobody
 * should learn from a page that they are on duty. Repeatable.
 */
export async function tellSet(override: Override, replaced: readonly PersonId[], world: DutyWorld): Promise<void> {
  const { id, role, person, from, until, by, reason } = override;
  const title = world.roster.title(role);
  const why: Text = reason === undefined ? [] : [', ', outside(reason)];
  const place: Text = replaced.length > 0 ? [' in place of ', ...people(replaced)] : [];
  const facts = say`${title}: ${mention(person)} from ${at(from)} until ${at(until)}${place} (${id})${why}`;
  await note(`${id}/set`, by, facts, override, world);
  await tellPeople(
    `${id}/set`,
    [person, ...replaced].filter((each) => each !== by),
    `On-call: ${title} (${id}).`,
    [say`${bold('ON-CALL')} - ${facts}. Asked by ${mention(by)}.`],
    override,
    world,
  );
}

/** The same of one that was cancelled. Repeatable. */
export async function tellCancelled(
  override: Override,
  replaced: readonly PersonId[],
  world: DutyWorld,
): Promise<void> {
  const { id, role, person, from, until, cancelled } = override;
  if (!cancelled) return;
  const title = world.roster.title(role);
  const facts = say`${id} cancelled: ${title}, ${mention(person)} from ${at(from)} until ${at(until)}`;
  await note(`${id}/cancelled`, cancelled.by, facts, override, world);
  await tellPeople(
    `${id}/cancelled`,
    [person, ...replaced].filter((each) => each !== cancelled.by),
    `On-call: ${id} is cancelled.`,
    [say`${bold('ON-CALL')} - ${facts}. Cancelled by ${mention(cancelled.by)}.`],
    override,
    world,
  );
}

async function note(
  id: string,
  actor: PersonId,
  text: Text,
  override: Override,
  { timeline }: DutyWorld,
): Promise<void> {
  const { role, person, from, until, swapWith } = override;
  const times = { from: from.toISOString(), until: until.toISOString() };
  await timeline.append({
    id,
    kind: 'note',
    actor,
    text,
    notify: [],
    inThread: false,
    data: { override: override.id, role, person, ...times, ...(swapWith === undefined ? {} : { swapWith }) },
  });
}

async function tellPeople(
  id: string,
  concerned: readonly PersonId[],
  push: string,
  text: readonly Text[],
  { until }: Override,
  { store }: DutyWorld,
): Promise<void> {
  for (const person of concerned) {
    await queueDirectMessage(store, { id: `${id}/${person}`, person, card: plain(push, text), until });
  }
}
