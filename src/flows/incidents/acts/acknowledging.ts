import { at, bold, DrError, IncidentId, mention, PersonId, Role, say, type Text } from '#core';
import { type Acknowledged, acknowledge, confirmStillOnIt, handOver, type Incident, passOn } from '#incidents';
import type { Button, Card } from '#ports';
import { queueDirectMessage } from '#record';
import { buttons, card, lines } from '../../cards/parts.ts';
import { detailsButton } from '../../cards/request-buttons.ts';
import { plain } from '../../errors-to-card.ts';
import type { Flow } from '../../flow.ts';
import { viewOf } from '../../view-of.ts';
import { askButton, giveButton, handOverOwnButton, passButton } from '../incident-buttons.ts';
import { titleOf } from '../incident-words.ts';
import { type Acting, actorOf, chooseIncident } from './choose-incident.ts';

const COMMANDER = Role.parse('incident-commander');

/** `I have it`: what that stops and what it does not, and what is to be decided first. */
export async function ackIncident<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow);
  const { id, legs } = await chooseIncident(given, by, flow);
  // whoever was asked again answers with the same word
  if (legs.some(({ hold }) => hold?.by === person && hold.confirmBy)) return stillOnIt(id, by, flow);
  const via = by.via === 'slack' ? 'slack' : 'terminal';
  const done = await acknowledge(flow.incidents, { incident: id, by: person, via, intake: by.intake });
  return done.counts ? hasIt(done, person, flow) : goesOn(done.incident);
}

async function hasIt<World>({ incident, changed, stillCalling }: Acknowledged, person: PersonId, flow: Flow<World>) {
  const { id, legs } = incident;
  const hold = legs.find((leg) => leg.hold?.by === person)?.hold;
  const [decide] = await waitingOf(incident, flow);
  const head: Text =
    changed || !hold
      ? [bold(`You have ${id}.`), ' Pages to you stop.']
      : say`Already counted: you have ${id} since ${at(hold.at)}.`;
  const again: Text = hold
    ? say`Holdfast asks again at ${at(hold.askAt)} whether you are still on it; without an answer paging starts again.`
    : [];
  const missing = stillCalling.map(
    ({ role }): Text => [`Nobody has ${flow.roster.title(role)} yet: paging goes on there.`],
  );
  return card(`You have ${id}.`, [
    lines(head, ...(hold ? [again] : []), ...missing, ...(decide ? [[`First thing to decide: ${decide.id}.`]] : [])),
    buttons([...(decide ? [decide.button] : []), handOverOwnButton(incident), passButton(incident)]),
  ]);
}

/** The runs of an incident that wait for somebody's approval, with the button that shows each. */
async function waitingOf<World>({ proposals }: Incident, flow: Flow<World>): Promise<{ id: string; button: Button }[]> {
  const views = await Promise.all(proposals.map((request) => viewOf(request, flow)));
  return views.flatMap((view) =>
    view?.request.state === 'waiting'
      ? [{ id: view.request.id, button: { ...detailsButton(view), label: `Open ${view.request.id}` } }]
      : [],
  );
}

const goesOn = (incident: Incident): Card =>
  card(`Recorded. Paging for ${incident.id} goes on.`, [
    lines(
      ['Thank you. You are not on the roster for this, so paging goes on.'],
      ['Take it over? An Incident Commander must confirm.'],
    ),
    buttons([askButton(incident)]),
  ]);

/** Whoever has it was asked again and still has it. */
export async function stillOnIt<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow);
  const { id } = await chooseIncident(given, by, flow);
  const { incident } = await confirmStillOnIt(flow.incidents, { incident: id, by: person, intake: by.intake });
  const hold = incident.legs.find((leg) => leg.hold?.by === person)?.hold;
  const until: Text = hold ? [' Holdfast asks again at ', at(hold.askAt), '.'] : [];
  return plain(`You still have ${id}.`, [[bold(`You still have ${id}.`), ...until]]);
}

/** `Cannot, pass it on`: the next one is called at once. */
export async function passIncidentOn<World>(
  given: IncidentId | undefined,
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  const person = actorOf(by, flow);
  const { id } = await chooseIncident(given, by, flow);
  await passOn(flow.incidents, { incident: id, by: person, intake: by.intake });
  return plain(`${id} is passed on.`, [
    [bold(`${id} is passed on.`), ' The next one is paged now; it says whom in the thread.'],
  ]);
}

/** Somebody who is not on the roster for it offers to take it over: the commanders are asked, who can give it with a click. */
export async function offerToTake<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow);
  const incident = await chooseIncident(given, by, flow);
  const role = freeRole(incident);
  const commanders = flow.roster.holders(COMMANDER);
  const text = say`${mention(person)} offers to take ${flow.roster.title(role)} of ${incident.id}. A commander gives it: /dr incident hand-over ${person} ${incident.id}`;
  await flow.timeline.append({
    id: `${incident.id}/offer/${person}/${by.intake}`.slice(0, 300),
    incident: incident.id,
    kind: 'incident',
    actor: person,
    text,
    notify: [...commanders],
    inThread: true,
  });
  const until = new Date((await flow.store.now()).getTime() + OFFER_MS);
  for (const commander of commanders) {
    await queueDirectMessage(flow.store, {
      id: `${incident.id}/offer/${person}/${commander}/${by.intake}`.slice(0, 300),
      person: commander,
      until,
      card: card(`${flow.roster.name(person)} offers to take ${incident.id}.`, [
        lines(
          say`${mention(person)} offers to take ${flow.roster.title(role)} of ${bold(incident.id)}: ${titleOf(incident)}`,
        ),
        buttons([giveButton(incident, role, person, flow.roster.name(person))]),
      ]),
    });
  }
  return plain('The commanders are asked.', [
    ['The commanders are asked. Paging goes on until one of them gives it to you.'],
  ]);
}

const OFFER_MS = 60 * 60_000;

/** The role that nobody has yet; the commander's where all are taken. */
const freeRole = ({ legs }: Incident): Role => legs.find(({ hold }) => !hold)?.role ?? COMMANDER;

/** A commander gives it to whoever offered. `value` is the button's: `INC-17 database-admin mike-johnson`. */
export async function giveTo<World>(value: string, by: Acting, flow: Flow<World>): Promise<Card> {
  const commander = actorOf(by, flow);
  if (!flow.roster.rolesOf(commander).includes(COMMANDER)) {
    throw new DrError('NOT_ALLOWED', 'user', 'An Incident Commander gives it. Nothing was changed.', {
      hint: '/dr oncall says who that is.',
    });
  }
  const [number, roleName, personName] = value.split(' ');
  const [role, to] = [Role.safeParse(roleName), PersonId.safeParse(personName)];
  const incident = await chooseIncident(IncidentId.safeParse(number).data, by, flow);
  if (!role.success || !to.success)
    throw new DrError('ARGUMENTS_INVALID', 'user', 'That names nobody. Nothing was changed.');
  await handOver(flow.incidents, {
    incident: incident.id,
    by: commander,
    role: role.data,
    to: to.data,
    intake: by.intake,
  });
  const name = flow.roster.name(to.data);
  return plain(`${incident.id} is handed to ${name}.`, [
    [
      `${name} is paged for ${flow.roster.title(role.data)} of ${incident.id}. Until they acknowledge, nothing changes.`,
    ],
  ]);
}
