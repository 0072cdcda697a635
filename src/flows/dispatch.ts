import { IncidentId, RequestId, unreachable } from '#core';
import type { Card, Form, LivePart, Readers } from '#ports';
import { clickFlow } from './click-flow.ts';
import { commandFlow } from './command-flow.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import type { Asking, Flow, Reply, Speaker } from './flow.ts';
import { formFlow } from './form-flow.ts';
import { type IntakeRecord, lineOf } from './intake.ts';

/** Does what a stored payload asks for, and answers whoever sent it. */
export async function dispatch<World>(record: IntakeRecord, live: LivePart, deps: DispatchDeps<World>): Promise<void> {
  const { incoming } = record;
  const { flow } = deps;
  const speaker = speakerOf(incoming.team, incoming.user, flow);
  const channel = 'channel' in incoming ? incoming.channel : undefined;
  const reply = replyTo(speaker, channel, live, deps);
  const asking = (line: string): Asking => ({ line, speaker, intake: record.id, request: record.request });
  switch (incoming.kind) {
    case 'command':
      return commandFlow(asking(incoming.text), flow, reply);
    case 'form': {
      const line = lineOf(incoming);
      return line === undefined ? formFlow(incoming, speaker, flow, reply) : commandFlow(asking(line), flow, reply);
    }
    case 'click':
      return clickFlow(incoming, speaker, deps, reply, live, record.request);
    case 'mention': {
      const incident = await incidentOf(incoming.thread, deps);
      return commandFlow({ ...asking(lineOf(incoming) ?? ''), incident }, flow, replyInThread(incoming, deps));
    }
    case 'message':
      return deps.keepHumanMessage(record, speaker);
    default:
      return unreachable(incoming);
  }
}

/** The incident in whose thread something is said, or in that of a request it asked for. */
async function incidentOf<World>(
  thread: string,
  { threadAt, flow }: DispatchDeps<World>,
): Promise<IncidentId | undefined> {
  const id = await threadAt(thread);
  const incident = IncidentId.safeParse(id);
  if (incident.success) return incident.data;
  const request = RequestId.safeParse(id);
  return request.success ? (await flow.requests.get(request.data))?.value.incident : undefined;
}

/** By team and user id only: a name or an e-mail proves nothing. */
export function speakerOf<World>(team: string, user: string, flow: Flow<World>): Speaker {
  const person = flow.roster.byAccount({ team, user });
  return {
    ...(person ? { person } : {}),
    name: person ? flow.roster.name(person) : user,
    team,
    user,
    via: 'slack',
    timeZone: person ? flow.roster.timeZone(person) : flow.plan.timeZone,
  };
}

/**
 * Answers where the person is: at the command's own answer address while that lives, else with a message that only
 * they see. After a crash there is no address any more, and an outsider can then not be reached at all.
 */
function replyTo<World>(
  speaker: Speaker,
  channel: string | undefined,
  live: LivePart,
  { chat, flow }: DispatchDeps<World>,
): Reply {
  const whisper = async (card: Card): Promise<void> => {
    if (speaker.person && channel) await chat.whisper(channel, speaker.person, card);
    else if (speaker.person) await chat.direct(speaker.person, card, `answer-${flow.random(8).toString('hex')}`);
  };
  const say = async (card: Card, readers: Readers = 'asker'): Promise<void> => {
    try {
      if (live.answerAddress) await chat.respond(live.answerAddress, card, readers);
      else await whisper(card);
    } catch (error) {
      // The answer is lost, the effect is not: it is in the record and in the request's own card.
      flow.logger.warn({ err: error }, 'an answer could not be given');
    }
  };
  const { trigger } = live;
  const ask = trigger
    ? async (form: Form): Promise<void> => {
        await chat.openForm(trigger, form);
      }
    : undefined;
  return { say, refuse: async (_error, card) => say(card), ask };
}

function replyInThread<World>(
  { channel, thread, key }: { channel: string; thread: string; key: string },
  { chat, flow }: DispatchDeps<World>,
): Reply {
  const say = async (card: Card): Promise<void> => {
    await chat.post({ channel, threadTs: thread, card, sequence: key }).catch((error: unknown) => {
      flow.logger.warn({ err: error }, 'an answer in a thread could not be given');
    });
  };
  return { say, refuse: async (_error, card) => say(card), ask: undefined };
}
