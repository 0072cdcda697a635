import type { Asked } from '#chatops';
import { at, bold, counted, formatDuration, mention, Role, say, type Text } from '#core';
import type { Incident } from '#incidents';
import type { Card, CardPart } from '#ports';
import { alarmLine } from '../alarms/alarm-card.ts';
import { captureTrouble } from '../backups/capture-words.ts';
import { buttons, card, lines, small } from '../cards/parts.ts';
import { detailsButton } from '../cards/request-buttons.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { incidentLine, titleOf } from '../incidents/incident-words.ts';
import { settlesAt } from '../moves/last-move.ts';
import { settlingLines } from '../moves/settling-lines.ts';
import { readinessWords } from '../readiness/readiness-card.ts';
import { atRisk } from './at-risk.ts';
import { holdfastTrouble, type Trouble } from './holdfast-trouble.ts';
import { lookAround, type Surroundings } from './look-around.ts';
import { approvalLines, openLine, runLines } from './open-requests.ts';
import { otherRegionsLine, servingLine } from './serving.ts';
import { systemTrouble } from './system-trouble.ts';

/** `/dr status`: how things are, in one look. Reads everything anew and answers within 2 s. */
export async function statusCard(asked: Asked, world: HoldfastWorld): Promise<Card> {
  return cardOf(await lookAround(world), asked, world);
}

/** The card for what was seen. Pure. */
export function cardOf(seen: Surroundings, asked: Pick<Asked, 'person'>, world: StatusWorld): Card {
  const blind = holdfastTrouble(seen);
  const wrong = systemTrouble(seen, world.plan);
  const alarms = seen.alarms.known ? seen.alarms.value : [];
  const runs = runLines(seen);
  const approvals = approvalLines(seen, asked.person);
  const incidents = incidentLines(seen);
  const head = headline({
    blind,
    wrong: [...wrong, ...alarms.map(alarmLine)],
    busy: runs.length + approvals.length + incidents.length > 0,
    seen,
  });
  return card(plainPush(head, seen), [
    incidents.length > 0 ? [lines(...incidents)] : [],
    lines(
      [...head.text, ' as seen ', at(seen.at)],
      ...blind.flatMap(blindLines),
      ...wrong.map((words): Text => ['- ', ...words]),
      ...alarms.slice(0, MOST_ALARMS).map((alarm): Text => ['- ', ...alarmLine(alarm)]),
      ...(alarms.length > MOST_ALARMS ? [[`and ${counted(alarms.length - MOST_ALARMS, 'more alarm')}`]] : []),
    ),
    runs.length + approvals.length > 0 ? [lines(...runs, ...approvals)] : [],
    ...(seen.waiting.known ? buttons(seen.waiting.value.slice(0, 3).map(detailsButton)) : []),
    lines(servingLine(seen, world.plan), otherRegionsLine(seen, world.plan)),
    lines(...factLines(seen, world), openLine(seen)),
    ...(blind.length > 0 ? [small('Failover still works from a terminal. Why, and what to do: dr doctor')] : []),
    ...(nothingProtected(seen)
      ? [lines([bold('Nothing is protected yet'), ': no backup. Start: /dr backup mongodb'])]
      : []),
  ] satisfies (CardPart | CardPart[])[]);
}

const MOST_INCIDENTS = 3;
/** More would push everything else off a phone. */
const MOST_ALARMS = 8;

type StatusWorld = Pick<HoldfastWorld, 'plan' | 'roster'>;

interface Head {
  readonly text: Text;
  readonly words: string;
}

function headline(found: {
  blind: readonly Trouble[];
  wrong: readonly Text[];
  busy: boolean;
  seen: Surroundings;
}): Head {
  const of = (words: string): Head => ({ words, text: [bold(words)] });
  if (found.blind.length > 0) return of('CANNOT SEE ALL');
  if (found.wrong.length > 0) return of('TROUBLE');
  if (nothingProtected(found.seen)) return of('NOT PROTECTED');
  if (found.busy) return of('UNDER WAY');
  return of(unknowns(found.seen).length > 0 ? 'CANNOT SEE ALL' : 'ALL GOOD');
}

/** Who is told first what is wrong reads the rest with it in mind. */
function plainPush({ words }: Head, { incidents }: Surroundings): string {
  const [worst] = incidents.known ? worstFirst(incidents.value) : [];
  return `${worst ? `${worst.severity.toUpperCase()} ${worst.id}: ${titleOf(worst)}. ` : ''}${words}. /dr status`;
}

const worstFirst = (incidents: readonly Incident[]): Incident[] =>
  [...incidents].sort((a, b) => a.severity.localeCompare(b.severity));

/** What people are called for comes before everything else. */
function incidentLines({ incidents }: Surroundings): Text[] {
  if (!incidents.known) return [];
  const shown = worstFirst(incidents.value).slice(0, MOST_INCIDENTS).map(incidentLine);
  const more = incidents.value.length - shown.length;
  return more > 0 ? [...shown, [`and ${counted(more, 'more incident')}   /dr incident`]] : shown;
}

const blindLines = ({ what, meanwhile }: Trouble): Text[] => [what, meanwhile];

/** Facts about the protected system that could not be had: green must not be said over them. */
const unknowns = ({ weights, traffic, backups, alarms, incidents, waiting, runs, replicas }: Surroundings) =>
  [weights, traffic, backups, alarms, incidents, waiting, runs, ...replicas.values()].filter(({ known }) => !known);

/** Only when every bucket that could hold one was read. */
const nothingProtected = ({ backups }: Surroundings): boolean =>
  backups.known && backups.value.backups.length === 0 && backups.value.unreachable.length === 0;

function factLines(seen: Surroundings, { plan, roster }: StatusWorld): Text[] {
  const overrides = seen.overrides.known ? seen.overrides.value : [];
  const onDuty = plan.severities['sev-1'].page.flatMap(
    (role) => roster.callOrder(Role.parse(role), seen.at, overrides).people[0] ?? [],
  );
  const people = [...new Set(onDuty)];
  return [
    ['Backups    ', ...backupWords(seen)],
    ...captured(seen),
    ...atRisk(seen, plan),
    ['Last proof ', ...proofWords(seen)],
    ...readyLine(seen),
    ...lastMoveLines(seen, plan),
    [
      'On duty    ',
      ...people.flatMap((person, index) => (index === 0 ? [mention(person)] : [', ', mention(person)])),
      seen.overrides.known ? '   /dr oncall' : ' by the plan alone   /dr oncall',
    ],
  ];
}

/** Of the regions that could take over; nothing before somebody has looked. */
function readyLine({ readiness, database }: Surroundings): Text[] {
  if (!readiness.known) return [];
  const primary = database.known ? database.value.members.find(({ state }) => state === 'primary')?.region : undefined;
  const others = readiness.value.filter(({ id }) => id !== primary);
  return others.length === 0 ? [] : [['Ready      ', ...readinessWords(others), '   /dr readiness']];
}

/** A short while after a move: what it holds back is why nothing is proposed. */
function lastMoveLines({ lastMove, at: now }: Surroundings, plan: StatusWorld['plan']): Text[] {
  const run = lastMove.known ? lastMove.value : undefined;
  if (!run?.endedAt || now >= settlesAt(run.endedAt, plan)) return [];
  const [first] = settlingLines(run, plan, now);
  return first ? [['Last move  ', ...say`${run.id} ${at(run.endedAt)}. `, ...first, `   /dr show ${run.id}`]] : [];
}

function backupWords({ backups }: Surroundings): Text {
  if (!backups.known) return [`not known (${backups.why})`];
  const readable = backups.value.backups.flatMap((each) => (each.state === 'UNREADABLE' ? [] : [each]));
  const [newest] = readable;
  const verified = readable.find(({ state }) => state === 'VERIFIED');
  if (!newest) return ['none yet'];
  const when = (listing: typeof newest) => at(new Date(listing.header.window.end.seconds * 1000));
  const last: Text = ['last ', when(newest), ` ${newest.state.toLowerCase()}, in ${newest.regions.join(', ')}`];
  if (newest === verified) return last;
  return verified ? [...last, '; last verified ', when(verified)] : [...last, '; none of the newest is verified'];
}

/** Up to where any second can be had, once that is going. */
function captured({ capture, at: now }: Surroundings): Text[] {
  if (!capture.known || !capture.value || captureTrouble(capture.value, now)) return [];
  const { position, behindMs } = capture.value;
  return [
    [
      'Captured   to ',
      at(new Date(position.through.seconds * 1000)),
      `, ${formatDuration(behindMs)} of writes not yet`,
    ],
  ];
}

function proofWords({ lastProof }: Surroundings): Text {
  if (!lastProof.known) return [`not known (${lastProof.why})`];
  const run = lastProof.value;
  if (!run?.endedAt || !run.startedAt) return ['none yet: /dr restore latest proves one beside the live data'];
  const took = formatDuration(run.endedAt.getTime() - run.startedAt.getTime());
  return [`restore ${run.id} `, at(run.endedAt), `: ${took}, all equal`];
}
