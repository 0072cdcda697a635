import { z } from 'zod';
import type { Text } from '#core';

/** Who did it, as the chat knows them: team and user id, never an e-mail. */
const From = {
  /** The same for a redelivered payload, different for every new act. */
  key: z.string().min(1).max(300),
  team: z.string(),
  user: z.string(),
};

/** One thing that arrived, without its secrets: what may be kept. */
export const Incoming = z.discriminatedUnion('kind', [
  z.object({ ...From, kind: z.literal('command'), channel: z.string(), text: z.string().max(10_000) }),
  z.object({
    ...From,
    kind: z.literal('click'),
    channel: z.string(),
    /** The message that carries the button; absent in windows. */
    ts: z.string().optional(),
    /** Only its reader sees the message: an answer to a command, not the request's own card. */
    private: z.boolean(),
    button: z.string(),
    value: z.string(),
  }),
  z.object({
    ...From,
    kind: z.literal('form'),
    form: z.string(),
    context: z.string(),
    answers: z.record(z.string(), z.string()),
  }),
  z.object({
    ...From,
    kind: z.literal('mention'),
    channel: z.string(),
    ts: z.string(),
    thread: z.string(),
    text: z.string(),
  }),
  z.object({
    ...From,
    kind: z.literal('message'),
    change: z.enum(['posted', 'edited', 'deleted']),
    channel: z.string(),
    ts: z.string(),
    thread: z.string(),
    text: z.string(),
  }),
]);
export type Incoming = z.output<typeof Incoming>;

/**
 * What is alive only for seconds or minutes and must never be kept: `trigger` opens one form within 3 s,
 * `answerAddress` takes five answers within half an hour.
 */
export interface LivePart {
  readonly trigger?: string;
  readonly answerAddress?: string;
}

export interface IntakeHandlers {
  /**
   * Makes the payload durable, before it is acknowledged: what was acknowledged and not stored is lost, because
   * clicks and commands are not sent twice. Resolves with what the person reads at once, if anything.
   * A rejection means "not stored": the service is told so.
   */
  store(incoming: Incoming): Promise<Text | undefined>;
  /** Does something about it, after the acknowledgement. Never rejects: it reports its own errors. */
  handle(incoming: Incoming, live: LivePart): Promise<void>;
}

/** Receives what people do in the chat, after the sender has been proven (signature and age, or the socket's token). */
export interface ChatIntake {
  start(handlers: IntakeHandlers): Promise<void>;
  stop(): Promise<void>;
}
