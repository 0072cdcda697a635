import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refuse, SlackApiRefusal } from './api-refusal.ts';
import { type Block, checkMessageBlocks } from './blocks/index.ts';
import { changeMessage, deleteMessage, numbered, postAsApp } from './posting.ts';
import type { ResponseTarget } from './response-urls.ts';
import { channelOf, type Team } from './team.ts';

/** What an app may answer, to a response_url or as the body of an acknowledgement. */
const Answer = z.looseObject({
  text: z.string().default(''),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});

/** `POST /response/<team>/<id>`: answers `ok`, or 404 with expired_url or used_url, or 400 with the reason. */
export function serveResponseUrls(server: FastifyInstance, team: Team): void {
  server.post<{ Params: { id: string } }>('/response/:team/:id', async (request, reply) => {
    try {
      applyAnswer(team, team.responseUrls.use(request.params.id), request.body);
      return await reply.type('text/plain').send('ok');
    } catch (error) {
      if (!(error instanceof SlackApiRefusal)) throw error;
      return await reply.code(error.error.endsWith('_url') ? 404 : 400).send(error.toBody());
    }
  });
}

/**
 * Posts, replaces or deletes what the answer says, for the person and channel the URL was made for.
 * @throws SlackApiRefusal no_text, invalid_payload and those of the blocks.
 */
export function applyAnswer(team: Team, target: ResponseTarget, given: unknown): void {
  const parsed = Answer.safeParse(typeof given === 'string' ? { text: given } : given);
  if (!parsed.success) refuse('invalid_payload');
  const answer = parsed.data;
  if (answer.delete_original) {
    removeOriginal(team, target);
    return;
  }
  const blocks = answer.blocks === undefined ? undefined : checkMessageBlocks(answer.blocks);
  if (answer.text === '' && blocks === undefined) refuse('no_text');
  if (answer.replace_original && target.original !== undefined) {
    replaceOriginal(team, target, target.original, answer.text, blocks);
    return;
  }
  const thread_ts = answer.thread_ts ?? target.thread_ts;
  if (answer.response_type === 'in_channel') {
    const message = postAsApp(team, channelOf(team, target.channel), { text: answer.text, blocks, thread_ts });
    target.original ??= { kind: 'message', ts: message.ts };
    return;
  }
  const ts = team.store.nextTs();
  putEphemeral(team, target, ts, answer.text, blocks, thread_ts);
  target.original ??= { kind: 'ephemeral', ts };
}

function putEphemeral(
  team: Team,
  target: ResponseTarget,
  ts: string,
  text: string,
  blocks: readonly Block[] | undefined,
  thread_ts: string | undefined,
): void {
  team.store.putEphemeral({
    channel: target.channel,
    ts,
    to: target.person,
    from: 'app',
    text,
    ...numbered(blocks),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  });
}

function replaceOriginal(
  team: Team,
  target: ResponseTarget,
  original: NonNullable<ResponseTarget['original']>,
  text: string,
  blocks: readonly Block[] | undefined,
): void {
  if (original.kind === 'ephemeral') {
    const before = team.store.ephemerals(target.person).find((known) => known.ts === original.ts);
    putEphemeral(team, target, original.ts, text, blocks, before?.thread_ts);
    return;
  }
  const before = team.store.message(target.channel, original.ts);
  if (before === undefined) refuse('message_not_found');
  const { blocks: _old, ...rest } = before;
  changeMessage(team, before, {
    ...rest,
    text,
    ...numbered(blocks),
    edited: { user: before.user, ts: team.store.nextTs() },
  });
}

function removeOriginal(team: Team, target: ResponseTarget): void {
  if (target.original === undefined) refuse('message_not_found');
  if (target.original.kind === 'ephemeral') {
    team.store.removeEphemeral(target.person, target.original.ts);
    return;
  }
  const message = team.store.message(target.channel, target.original.ts);
  if (message === undefined) refuse('message_not_found');
  deleteMessage(team, message);
}
