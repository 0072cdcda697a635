import { parseCommand } from '#chatops';
import { asDrError, DrError, mention, type Region, Role, say } from '#core';
import type { Incident } from '#incidents';
import { servingRegions } from '#plan';
import { askForIncident, proposalKey } from '../ask-by-itself.ts';
import { askedBy } from '../asked.ts';
import type { Flow } from '../flow.ts';
import { refuseAfterMove } from '../moves/last-move.ts';
import { refuseWhileMoving } from '../refuse-while-moving.ts';

/** What a breach is about: where users are sent and not served. */
interface Breach {
  /** Undefined: the whole is bad, no one region. */
  readonly from: Region | undefined;
  readonly title: string;
  /** The region itself is seen dead: nothing there can be asked to hand over. */
  readonly dead: boolean;
}

const COMMAND = 'failover';
const COMMANDER = Role.parse('incident-commander');

/**
 * Asks for the failover that fits a breach, once an incident: its preview and its approval card stand in the channel within
 * the round that saw the breach, and people approve it as any other, or it starts by itself where the plan lets it and nobody
 * holds it (../starts/sweep-starts.ts). Where it can't be asked for the thread says why, once a
 * reason, with the next safe thing; the next round tries again. Never soon after another move, never while one is under way,
 * and never where the preview refuses: that is who knows whether the target is fit and the old side fenced.
 */
export async function proposeFailover<World>(
  incident: Incident,
  breach: Breach,
  served: readonly Region[] | undefined,
  flow: Flow<World>,
): Promise<void> {
  if (flow.plan.detection.onBreach.failover === 'manual') return;
  const key = proposalKey(incident);
  const [asked] = await flow.requests.find({ where: { intake: key }, limit: 1 });
  if (asked && asked.value.state !== 'checking') return;
  const target = targetOf(breach, served, flow);
  if (!target) return;
  const reason = `${incident.id}: ${breach.title.replace(/[\p{Cc}\p{Cf}"\\]+/gu, ' ')}`.slice(0, 200);
  const line = `${COMMAND} ${target}${breach.dead ? ' --unplanned' : ''} --reason "${reason}"`;
  try {
    await refuseWhileAsked(flow);
    await refuseWhileMoving(COMMAND, flow);
    await refuseAfterMove(line, flow);
    await tryPreview(line, incident, flow);
  } catch (thrown) {
    return tellWhyNot(incident, asDrError(thrown), flow);
  }
  await askForIncident(line, incident, flow);
}

/** The first region of the plan that could serve and is not the one that fails; undefined: it is not clear what fails. */
function targetOf<World>({ from }: Breach, served: readonly Region[] | undefined, { plan }: Flow<World>) {
  const failing = from ?? (served?.length === 1 ? served[0] : undefined);
  return failing ? servingRegions(plan).find((region) => region !== failing) : undefined;
}

async function refuseWhileAsked<World>(flow: Flow<World>): Promise<void> {
  const [waiting] = await flow.requests.find({ where: { state: 'waiting', command: COMMAND }, limit: 1 });
  if (waiting) {
    throw new DrError('LOCKED', 'user', `${waiting.value.id} asks for a failover already and waits for approval.`, {
      hint: `/dr show ${waiting.value.id}`,
    });
  }
}

async function tryPreview<World>(line: string, incident: Incident, flow: Flow<World>): Promise<void> {
  const { command, ...parsed } = parseCommand(line, flow.commands);
  if (command.does.kind !== 'runs' || parsed.kind === 'missing') {
    throw new DrError('UNEXPECTED', 'bug', 'There is no failover to propose.');
  }
  const { timeZone } = flow.plan;
  const speaker = { name: 'Holdfast', team: 'holdfast', user: 'holdfast', via: 'incident', timeZone } as const;
  const asking = { line: '', speaker, intake: proposalKey(incident), request: undefined, incident: incident.id };
  await command.does.preview(parsed.args, askedBy(asking, flow), flow.world);
}

async function tellWhyNot<World>(incident: Incident, { code, kind, message, hint }: DrError, flow: Flow<World>) {
  if (code === 'STORE_UNAVAILABLE') throw new DrError(code, kind, message);
  const commander = incident.assignments.findLast(({ role }) => role === COMMANDER)?.person;
  const to = commander ? say` ${mention(commander)}` : [];
  await flow.timeline.append({
    id: `${proposalKey(incident)}/not/${code}`,
    incident: incident.id,
    kind: 'incident',
    actor: 'holdfast',
    text: say`No failover is proposed: ${message.replace(/\s*Nothing was changed\.$/, '')}${hint ? ` Next: ${hint}` : ''}${to}`,
    notify: commander ? [commander] : [],
    inThread: true,
    data: { code },
  });
}
