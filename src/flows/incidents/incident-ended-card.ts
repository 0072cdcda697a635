import { at, bold, capital, formatDuration, outside, type Text } from '#core';
import { UnplannedInput, unplannedWorkflow } from '#failover';
import { type Incident, severityWord } from '#incidents';
import type { Card } from '#ports';
import { buttons, card, lines, small } from '../cards/parts.ts';
import { recordOfButton, reopenButton } from './incident-buttons.ts';
import type { CardWorld, IncidentView } from './incident-view.ts';
import { actorWords, headOf, titleOf } from './incident-words.ts';

/** How an incident ended: resolved, merged, or none at all. */
export function endedIncidentCard(view: IncidentView, { plan }: CardWorld): Card {
  const { incident } = view;
  if (incident.state === 'merged') return mergedCard(incident);
  return incident.ending?.how === 'not-an-incident'
    ? noneCard(incident)
    : resolvedCard(view, plan.reviews.afterMajorIncident);
}

function mergedCard(incident: Incident): Card {
  const into = incident.mergedInto ?? 'another';
  return card(`MERGED: ${incident.id} goes on in ${into}.`, [
    lines(
      [bold(headOf(incident, 'MERGED')), `   ${incident.id}`],
      [`It goes on in ${into}: /dr incident show ${into}`],
    ),
    buttons([recordOfButton(incident)]),
  ]);
}

function noneCard(incident: Incident): Card {
  const { id, ending } = incident;
  const by: Text = ending ? [' by ', ...actorWords(ending.by), ' ', at(ending.at), ': ', outside(ending.why)] : [];
  return card(`NOT AN INCIDENT: ${titleOf(incident)} (${id}).`, [
    lines(
      [bold(headOf(incident, 'NOT AN INCIDENT')), `   ${id}`],
      ['Said', ...by],
      ['Pages have stopped. Nobody is called for the same again until it was well once.'],
    ),
    buttons([recordOfButton(incident), reopenButton(incident)]),
  ]);
}

function resolvedCard({ incident, proposals }: IncidentView, review: readonly string[]): Card {
  const { id, severity, since, ending, causes } = incident;
  const endedAt = incident.recoveringSince ?? ending?.at ?? incident.changedAt;
  const done = proposals.findLast(({ run }) => run?.state === 'done');
  const lasted = formatDuration(Math.max(0, endedAt.getTime() - since.getTime()));
  const outcome = done?.receipt?.headline ?? titleOf(incident);
  // what it took to find, to decide and to move: together the time that the plan promises
  const times = capital([...foundIn(incident), acknowledgedIn(incident), ...(done ? timesOf(done) : [])].join(', '));
  const left = causes.filter(({ endedAt: ended }) => !ended).map(({ title }) => titleOf({ ...incident, title }));
  const todo = [
    ...rebuildOf(done),
    ...left.slice(0, 2),
    ...(severity === 'sev-1' ? review.map((each) => each.replaceAll('_', ' ')) : []),
  ];
  return card(`RESOLVED: ${outcome} (${id}), ${lasted}.`, [
    lines(
      [bold(`RESOLVED - ${outcome}`), `   ${id}, ${severityWord(severity)}, ${lasted}`],
      [`${times}.`],
      ...lostLine(done),
      ...(ending ? [resolvedBy(ending)] : []),
      ...(todo.length > 0 ? [[`Left to do: ${todo.join('; ')}.`]] : []),
    ),
    buttons([recordOfButton(incident), reopenButton(incident)]),
    small(
      'From ',
      at(since),
      ' to ',
      at(endedAt),
      '.',
      ...(outcome === titleOf(incident) ? [] : [` It was: ${titleOf(incident)}.`]),
    ),
  ]);
}

/** A second is how long a person takes who says it themselves. */
function foundIn({ since, openedAt }: Incident): string[] {
  const ms = openedAt.getTime() - since.getTime();
  return ms < 1_000 ? [] : [`found in ${formatDuration(ms)}`];
}

const acknowledgedIn = ({ openedAt, respondedAt }: Incident): string =>
  respondedAt
    ? `acknowledged in ${formatDuration(respondedAt.getTime() - openedAt.getTime())}`
    : 'acknowledged by nobody';

/** A region that was left without asking it has members that must not come back by themselves. */
function rebuildOf(done: IncidentView['proposals'][number] | undefined): string[] {
  if (done?.run?.workflow !== UNPLANNED) return [];
  const input = UnplannedInput.safeParse(done.run.input);
  return input.success ? [`/dr rebuild ${input.data.facts.from}`] : [];
}

const UNPLANNED = unplannedWorkflow.name;

function resolvedBy({ how, by, why }: NonNullable<Incident['ending']>): Text {
  if (how === 'by-itself') return ['It resolved itself: everything was well for a while.'];
  return ['By ', ...actorWords(by), ...(why ? [': ', outside(why)] : [])];
}

/** What its run's receipt says was lost. */
function lostLine(done: IncidentView['proposals'][number] | undefined): Text[] {
  const said = (done?.receipt?.sections ?? [])
    .flatMap(({ lines: all }) => all.map((line) => line.find((piece) => typeof piece === 'string')))
    .find((words) => words?.startsWith(LOST));
  return said && done ? [[`Lost: ${said.slice(LOST.length).trim()} (receipt ${done.request.id}).`]] : [];
}

/** As receipts of moves begin that line. */
const LOST = 'Lost ';

function timesOf({ request, run }: IncidentView['proposals'][number]): string[] {
  const took = (from: Date | undefined, to: Date | undefined, words: string): string[] =>
    from && to ? [`${words} in ${formatDuration(Math.max(0, to.getTime() - from.getTime()))}`] : [];
  return [
    ...took(request.askedAt, request.decidedAt, request.starts?.unheld ? 'started by itself' : 'approved'),
    ...took(run?.startedAt, run?.endedAt, request.command === 'failover' ? 'moved' : 'done'),
  ];
}
