import { at, bold, formatDuration, type IncidentId, mention, outside, say, type Text } from '#core';
import { type Incident, openIncidents, recentIncidents, severityWord } from '#incidents';
import type { Card } from '#ports';
import { buttons, card, lines, small } from '../cards/parts.ts';
import type { Flow } from '../flow.ts';
import { type Acting, chooseIncident } from './acts/choose-incident.ts';
import { showButton } from './incident-buttons.ts';
import { incidentCard } from './incident-card.ts';
import { type IncidentView, incidentViewOf } from './incident-view.ts';
import { actorWords, incidentLine, titleOf } from './incident-words.ts';
import { stateOf } from './proposal-lines.ts';

/** What somebody reads in an answer does not renew itself. */
const AN_ANSWER = 60_000;
const MOST_OPEN = 8;
const MOST_ENDED = 5;

/** `/dr incident`: what is open, the worst first, and what ended last. */
export async function incidentsCard<World>(flow: Flow<World>): Promise<Card> {
  const open = [...(await openIncidents(flow.store))].sort((a, b) => a.severity.localeCompare(b.severity));
  const ended = (await recentIncidents(flow.store, MOST_OPEN + MOST_ENDED))
    .filter(({ state }) => state !== 'open')
    .slice(0, MOST_ENDED);
  const push = open.length === 0 ? 'No incident is open.' : `${open.length} open incidents.`;
  const more = open.length > MOST_OPEN ? [[`and ${open.length - MOST_OPEN} more`]] : [];
  return card(push, [
    open.length === 0
      ? lines([bold('No incident is open.')])
      : lines([bold(`OPEN (${open.length})`)], ...open.slice(0, MOST_OPEN).map(incidentLine), ...more),
    buttons(open.slice(0, 3).map(showButton)),
    ended.length > 0 ? [lines([bold('Ended')], ...ended.map(endedLine))] : [],
    small('Something is wrong and not here? /dr incident open "what you see"'),
  ]);
}

function endedLine(incident: Incident): Text {
  const { id, severity, state, ending, mergedInto } = incident;
  const how =
    state === 'merged'
      ? `merged into ${mergedInto ?? 'another'}`
      : ending?.how === 'not-an-incident'
        ? 'was none'
        : 'resolved';
  return [`${id} ${severityWord(severity)} ${titleOf(incident)}: ${how}`, ...(ending ? [' ', at(ending.at)] : [])];
}

/** `/dr incident show INC-17`: the card as it is now. */
export async function showIncident<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<Card> {
  return incidentCard(await viewed(given, by, flow), flow);
}

async function viewed<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<IncidentView> {
  const incident = await chooseIncident(given, by, flow);
  const view = await incidentViewOf(incident.id, { now: await flow.store.now(), everyMs: AN_ANSWER }, flow);
  // it was read a moment ago, and records are never removed
  if (!view) throw new Error(`${incident.id} is gone.`);
  return view;
}

/** `Catch me up`: five lines for whoever joins late. */
export async function catchUpCard<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<Card> {
  const view = await viewed(given, by, flow);
  const { id } = view.incident;
  return card(`${id} in 5 lines`, [
    lines(
      [bold(`${id} in 5 lines`)],
      whatBroke(view),
      whatWasTried(view),
      whatRuns(view),
      whatIsUndecided(view, flow),
      whatIsNext(view),
    ),
  ]);
}

function whatBroke({ incident, now }: IncidentView): Text {
  const { severity, since, causes } = incident;
  const ago = formatDuration(Math.max(0, now.getTime() - since.getTime()));
  const more = causes.length > 1 ? `, and ${causes.length - 1} more` : '';
  return ['1 Broke   ', `${severityWord(severity)}: ${titleOf(incident)}${more}, since `, at(since), ` (${ago})`];
}

function whatWasTried({ incident, proposals }: IncidentView): Text {
  const over = proposals.filter(({ request, run }) =>
    run
      ? ['done', 'failed', 'stopped', 'refused'].includes(run.state)
      : !['waiting', 'approved'].includes(request.state),
  );
  const runs = over.map((view) => `${view.request.id} ${view.request.command} ${stateOf(view)}`);
  const [update] = incident.updates.slice(-1);
  const said: Text = update ? say`; told ${at(update.at)}: ${outside(update.text)}` : [];
  return ['2 Tried   ', runs.join(', ') || 'nothing yet', ...said];
}

function whatRuns({ proposals }: IncidentView): Text {
  const running = proposals.filter(
    ({ run }) => run && ['waiting', 'running', 'held', 'putting-back'].includes(run.state),
  );
  return [
    '3 Running   ',
    running.map((view) => `${view.request.id} ${view.request.command} ${stateOf(view)}`).join(', ') || 'nothing',
  ];
}

function whatIsUndecided<World>({ incident, proposals }: IncidentView, { roster }: Flow<World>): Text {
  const waiting = proposals.filter(({ request }) => request.state === 'waiting');
  const missing = incident.legs.filter(({ hold }) => !hold).map(({ role }) => `nobody has ${roster.title(role)}`);
  const words = [...waiting.map((view) => `${view.request.id} ${stateOf(view)}`), ...missing];
  const holders = incident.legs.flatMap(({ hold }): Text => (hold ? [' ', mention(hold.by)] : []));
  return ['4 Undecided   ', words.join('; ') || 'nothing', ...(holders.length > 0 ? ['. On it:', ...holders] : [])];
}

function whatIsNext({ incident, calls }: IncidentView): Text {
  const { state, ending, recoveringSince, updateDueAt } = incident;
  if (state !== 'open')
    return ['5 Next   it is over', ...(ending ? [', by ', ...actorWords(ending.by), ' ', at(ending.at)] : [])];
  if (recoveringSince) return ['5 Next   well since ', at(recoveringSince), '; it resolves itself'];
  const [next] = calls;
  const page: Text = next ? ['page at ', at(next.at), ', '] : [];
  return ['5 Next   ', ...page, 'update to stakeholders due ', at(updateDueAt)];
}
