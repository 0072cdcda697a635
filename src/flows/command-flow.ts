import { checkSatisfiable, needsOf } from '#approvals';
import { type AnyCommand, type Preview, parseCommand, previewHash } from '#chatops';
import { asDrError, at, DrError, mention, outside, say, type Text, type TextPiece } from '#core';
import { addProposal } from '#incidents';
import { changeRecord, insertNew } from '#ports';
import { askedBy } from './asked.ts';
import { authorise } from './authorise.ts';
import { callApprovers } from './call-approvers.ts';
import { previewCard } from './cards/preview-card.ts';
import { plain, refuseOrRetry } from './errors-to-card.ts';
import type { Asking, Flow, Reply } from './flow.ts';
import { previewOf, refuseNobodysHold } from './hold-at.ts';
import { type JobRules, rulesFor } from './job-of.ts';
import { policyOf } from './policy-of.ts';
import { refuseWhileMoving } from './refuse-while-moving.ts';
import { type RequestRecord, refusedFor } from './request-record.ts';
import { startRun } from './start-run.ts';
import { vetoMinutesOf } from './starts/veto-minutes.ts';
import { asJson, tell } from './tell.ts';
import { retellRequest, settleTold, tellDecided, tellPreviewed } from './tell-request.ts';

/**
 * One command from a person: parse > authorise > preview > approve > enqueue > record. Whatever goes wrong becomes an
 * answer; only a control store that does not answer is thrown on (STORE_UNAVAILABLE), for the payload to be handled
 * again. Safe to repeat for the same intake: the request's number makes its effects one.
 */
export async function commandFlow<World>(asking: Asking, flow: Flow<World>, reply: Reply): Promise<void> {
  try {
    const parsed = parseCommand(asking.line, flow.commands);
    const { command } = parsed;
    const rules = rulesFor(command, parsed.kind === 'missing' ? parsed.given : parsed.args, flow);
    await authorise(rules, asking, flow);
    if (parsed.kind === 'missing') return await askForMissing(parsed, flow, reply);
    const asked = askedBy(asking, flow);
    if (command.does.kind === 'answers') {
      if (parsed.dryRun && isAct(command)) throw noPreview(command.name);
      // Somebody who is not on the roster does not speak through us to everybody.
      const readers = parsed.here && asking.speaker.person ? 'channel' : 'asker';
      return await reply.say(await command.does.answer(parsed.args, asked, flow.world), readers);
    }
    if (parsed.dryRun) {
      const preview = await previewOf(command, parsed, asked, flow);
      return await reply.say(previewCard(preview, needsFor(rules, asking, flow)));
    }
    await requestFlow(command, parsed, asking, flow, reply);
  } catch (error) {
    await refuseOrRetry(error, flow, reply);
  }
}

/** Whether a command that answers does something: what only some may ask for, and what decides a request. */
const isAct = <World>({ role, group }: AnyCommand<World>): boolean => role.kind !== 'everyone' || group === 'Stop';

/** What acts does so at once; --dry-run must not be taken for a word that is passed over. */
const noPreview = (name: string): DrError =>
  new DrError('ARGUMENTS_INVALID', 'user', `${name} has no preview, so --dry-run can not be. Nothing was changed.`, {
    hint: `What it would do: /dr help ${name}`,
  });

async function askForMissing<World>(
  parsed: { command: AnyCommand<World>; given: Readonly<Record<string, unknown>>; missing: readonly string[] },
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  const { command, given, missing } = parsed;
  if (reply.ask && command.form) return reply.ask(await command.form(given, flow.world));
  throw new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `${command.name} needs ${missing.join(' and ')}. Nothing was changed.`,
    {
      hint: `/dr ${command.name} ${command.usage}`.trim(),
    },
  );
}

/** A command that changes something: its request, its preview, and either its start or its card. */
async function requestFlow<World>(
  command: AnyCommand<World>,
  parsed: { readonly args: unknown; readonly holdAt?: string | undefined },
  asking: Asking,
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  refuseNobodysHold(asking.speaker.person, parsed.holdAt);
  const request = await openRequest(command, parsed, asking, flow);
  if (request.state !== 'checking') return goOnAfterCrash(request, flow);
  const made = await makePreview(command, request, asking, flow).catch(asDrError);
  if (made instanceof DrError) {
    await refuse(request, made, flow);
    throw made;
  }
  const { preview, needs } = made;
  if (request.incident) await addProposal(flow.incidents, { incident: request.incident, request: request.id });
  const hash = previewHash(preview);
  const now = await flow.store.now();
  const policy = policyOf(rulesFor(command, request.args, flow), flow);
  const next = await changeRecord(flow.requests, request.id, (current) =>
    current.state === 'checking'
      ? {
          ...current,
          preview: { preview, hash, planHash: flow.planHash, madeAt: now },
          needs,
          untold: true as const,
          ...(policy === 'none'
            ? { state: 'approved' as const, decidedAt: now }
            : {
                state: 'waiting' as const,
                expiresAt: new Date(now.getTime() + policy.expiresAfterMinutes * 60_000),
                ...(vetoMinutesOf(preview.job, current, flow.plan) === undefined ? {} : { starts: {} }),
              }),
        }
      : undefined,
  );
  if (!next) return;
  await tellPreviewed(next, flow);
  if (next.state === 'approved') await startRun(next, flow);
  if (next.state === 'waiting') await callApprovers(next, flow);
  await settleTold(next, flow);
  await reply.say(plain(`${next.id} is under way.`, [receiptLine(next)]));
}

/** Handled before, by a process that may have died in the middle: what it left out is made good. */
async function goOnAfterCrash<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  if (request.untold) await retellRequest(request, flow);
  if (request.state === 'approved' && !request.started) await startRun(request, flow);
}

/** The request, new or found again. Its number was given at the door, so a second handling finds the first. */
async function openRequest<World>(
  command: AnyCommand<World>,
  { args, holdAt }: { readonly args: unknown; readonly holdAt?: string | undefined },
  asking: Asking,
  flow: Flow<World>,
): Promise<RequestRecord> {
  const { request: id, speaker } = asking;
  if (!id) throw new DrError('UNEXPECTED', 'bug', `${command.name} came without a number.`);
  const reason = typeof args === 'object' && args !== null && 'reason' in args ? args.reason : undefined;
  const request: RequestRecord = {
    id,
    intake: asking.intake,
    command: command.name,
    args,
    line: asking.line,
    ...(holdAt === undefined ? {} : { holdAt }),
    ...(typeof reason === 'string' ? { reason } : {}),
    asker: {
      ...(speaker.person ? { person: speaker.person } : {}),
      name: speaker.name,
      team: speaker.team,
      user: speaker.user,
    },
    via: speaker.via,
    ...(asking.incident ? { incident: asking.incident } : {}),
    ...(asking.quiet ? { quiet: true as const } : {}),
    state: 'checking',
    needs: [],
    approvals: [],
    askedAt: await flow.store.now(),
    started: false,
    voids: 0,
  };
  await insertNew(flow.requests, request);
  const stored = (await flow.requests.get(id))?.value ?? request;
  const why: Text = stored.reason ? [', ', outside(stored.reason)] : [];
  const said = stored.via === 'incident' ? ['Holdfast proposes'] : say`${askerOf(stored)} asked`;
  const incident = stored.incident ? ` for ${stored.incident}` : '';
  await tell(flow, stored, 'asked', say`${said}${incident}: ${wordsOf(command, args)}${why}`, {
    data: asJson({ command: command.name, args, via: speaker.via, line: asking.line }),
  });
  return stored;
}

const askerOf = ({ asker }: RequestRecord): TextPiece => (asker.person ? mention(asker.person) : outside(asker.name));

/** `failover us-west-2`: the command and what it is about, without its flags. */
function wordsOf<World>(command: AnyCommand<World>, args: unknown): string {
  const given = new Map(Object.entries(typeof args === 'object' && args !== null ? args : {}));
  const words = command.words.map((word) => given.get(word)).filter((word) => typeof word === 'string');
  return [command.name, ...words].join(' ');
}

async function makePreview<World>(
  command: AnyCommand<World>,
  request: RequestRecord,
  asking: Asking,
  flow: Flow<World>,
): Promise<{ preview: Preview; needs: RequestRecord['needs'] }> {
  const rules = rulesFor(command, request.args, flow);
  await refuseWhileMoving(rules.job, flow);
  const needs = needsFor(rules, asking, flow);
  const policy = policyOf(rules, flow);
  if (policy !== 'none') checkSatisfiable(policy, flow.roster, request.asker.person, request.id);
  const preview = await previewOf(command, request, askedBy(asking, flow), flow);
  if (preview.job !== rules.job) throw new DrError('UNEXPECTED', 'bug', `${command.name} previewed ${preview.job}.`);
  // Who may approve is part of what is approved: a changed roster voids it.
  return { needs, preview: { ...preview, facts: { ...preview.facts, approvers: needs } } };
}

function needsFor<World>(rules: JobRules, asking: Asking, flow: Flow<World>): RequestRecord['needs'] {
  const policy = policyOf(rules, flow);
  return policy === 'none' ? [] : needsOf(policy, flow.roster, asking.speaker.person);
}

async function refuse<World>(request: RequestRecord, error: DrError, flow: Flow<World>): Promise<void> {
  const now = await flow.store.now();
  const refused = await changeRecord(flow.requests, request.id, (current) =>
    current.state === 'checking' ? refusedFor(current, error, now) : undefined,
  );
  if (refused?.state !== 'refused') return;
  await tellDecided(refused, flow);
  await settleTold(refused, flow);
}

function receiptLine(request: RequestRecord): Text {
  if (request.needs.length === 0) return [`${request.id}: it has started; progress is in its message.`];
  const people = request.needs.length;
  const self = request.asker.person ? ' You asked, so you cannot approve.' : '';
  return say`${request.id}: preview is in the channel, waiting for ${people} ${people === 1 ? 'approval' : 'approvals'}.${self} Open until ${at(request.expiresAt ?? request.askedAt)}.`;
}
