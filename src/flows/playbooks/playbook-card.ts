import { at, bold, code, type IncidentId, mention, type Text } from '#core';
import { openIncidents, readIncident } from '#incidents';
import type { Card } from '#ports';
import type { RunRecord } from '#workflow';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import type { Acting } from '../incidents/acts/choose-incident.ts';
import { lookAround } from '../status/look-around.ts';
import { applicationPlaybook } from './application-playbook.ts';
import { databasePlaybook } from './database-playbook.ts';
import type { PlaybookFacts, PlaybookStep } from './playbook.ts';

export type PlaybookName = 'database' | 'application';

const A_DAY_MS = 24 * 3_600_000;

/**
 * A playbook of the plan as it stands now: each step with what was seen of it, and the command for the first that is open.
 * Holdfast runs none of it by itself. Where an incident is open its thread has a line of it, once a payload.
 */
export async function playbookCard(name: PlaybookName, by: Acting, world: HoldfastWorld): Promise<Card> {
  const [only, ...others] = await openIncidents(world.store);
  const id = by.incident ?? (others.length === 0 ? only?.id : undefined);
  const incident = id && (await readIncident(world.store, id));
  const facts = await factsSince(incident?.since ?? new Date(world.clock.now().getTime() - A_DAY_MS), world);
  const steps = name === 'database' ? databasePlaybook(facts) : applicationPlaybook(facts, world.plan);
  if (incident?.state === 'open') await tellThread(incident.id, name, steps, by, world);
  return cardOfPlaybook(name, steps, incident?.id, facts.seen.at);
}

/** Pure. */
export function cardOfPlaybook(
  name: PlaybookName,
  steps: readonly PlaybookStep[],
  incident: IncidentId | undefined,
  now: Date,
): Card {
  const next = steps.find(({ state }) => state === 'open') ?? steps.find(({ state }) => state === 'unknown');
  const title = `${name === 'database' ? 'Database' : 'Application'} recovery`;
  const done = steps.filter(({ state }) => state === 'done').length;
  return card(`${title}: ${done} of ${steps.length} steps are done.`, [
    lines([bold(`PLAYBOOK - ${title}`), incident ? `   ${incident}` : '']),
    ...steps.map((step, index) => lines(...stepText(step, index + 1, step === next))),
    small('As seen ', at(now), '. Holdfast does nothing of it by itself; each command shows a preview first.'),
  ]);
}

const WORDS = { done: 'done', open: 'next', unknown: 'not seen' } as const;

function stepText({ title, state, seen, commands }: PlaybookStep, number: number, isNext: boolean): Text[] {
  const head = `${number} ${isNext ? 'NOW' : WORDS[state]}   ${title}`;
  return [isNext ? [bold(head)] : [head], seen, ...(isNext ? commands.map((each): Text => [code(each)]) : [])];
}

async function factsSince(since: Date, world: HoldfastWorld): Promise<PlaybookFacts> {
  const [seen, restore, swap] = await Promise.all([
    lookAround(world),
    newestSince(['restore', 'restore-as', 'restore-on'], since, world),
    newestSince(['restore-swap'], since, world),
  ]);
  return { seen, restore, swap, since };
}

async function newestSince(
  workflows: readonly string[],
  since: Date,
  { journal }: HoldfastWorld,
): Promise<RunRecord | undefined> {
  const [newest] = await journal.find({
    where: { workflow: { in: workflows }, createdAt: { atLeast: since } },
    sort: { by: 'createdAt', order: 'descending' },
    limit: 1,
  });
  return newest?.value;
}

async function tellThread(
  incident: IncidentId,
  name: PlaybookName,
  steps: readonly PlaybookStep[],
  { person, intake }: Acting,
  { timeline }: HoldfastWorld,
): Promise<void> {
  // a guest looks, and does not write into the thread of those who work
  if (!person) return;
  const next = steps.findIndex(({ state }) => state === 'open');
  const where =
    next === -1
      ? 'every step that is seen is done'
      : `step ${next + 1} of ${steps.length}: ${steps[next]?.title.toLowerCase() ?? ''}`;
  await timeline.append({
    id: `${incident}/playbook/${name}/${intake}`.slice(0, 300),
    incident,
    kind: 'note',
    actor: person,
    text: [mention(person), ` follows the ${name} playbook, ${where}.`],
    notify: [],
    inThread: true,
  });
}
