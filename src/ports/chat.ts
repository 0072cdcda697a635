import { z } from 'zod';
import { type PersonId, type Text, Text as TextSchema } from '#core';

/** A button. `id` says what it does; `value` names the request and preview it belongs to, never more. */
export const Button = z.object({
  id: z.string(),
  label: z.string(),
  value: z.string(),
  /** Read aloud by screen readers; must stand alone: "Approve run R-42, planned failover to us-west-2". */
  spoken: z.string(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: z.object({ title: z.string(), text: z.string(), yes: z.string(), no: z.string() }).optional(),
  url: z.string().optional(),
});
export type Button = z.output<typeof Button>;

/** One part of a card, in reading order. */
export const CardPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: TextSchema }),
  /** Small print under everything else. */
  z.object({ kind: z.literal('small'), text: TextSchema }),
  /** A progress bar of time; `share` from 0 to 1. */
  z.object({ kind: z.literal('bar'), share: z.number().min(0).max(1) }),
  z.object({ kind: z.literal('buttons'), buttons: z.array(Button), more: z.array(Button).default([]) }),
  z.object({ kind: z.literal('divider') }),
]);
export type CardPart = z.output<typeof CardPart>;

/** A whole message: the push text (lock screen, screen reader) and its parts. */
export const Card = z.object({ push: z.string(), parts: z.array(CardPart) });
export type Card = z.output<typeof Card>;

/** A question in a form. */
export type FormField =
  | { kind: 'line'; id: string; label: string; hint?: string; initial?: string; optional?: boolean }
  | { kind: 'choice'; id: string; label: string; options: { value: string; label: string }[]; initial?: string };

export interface Form {
  /** Comes back with the answers: which command is being completed. */
  readonly id: string;
  readonly title: string;
  readonly submit: string;
  /** At most 3,000 characters that come back with the answers. */
  readonly context: string;
  readonly intro?: Text;
  readonly fields: readonly FormField[];
}

/** Who sees an answer: whoever asked, or everybody in the channel. */
export type Readers = 'asker' | 'channel';

/** Where a message is: enough to edit it, or to answer in its thread. */
export const MessagePlace = z.object({ channel: z.string(), ts: z.string() });
export type MessagePlace = z.output<typeof MessagePlace>;

/** The name under which `findPosted` looks for direct messages to this person. */
export const directChannel = (person: PersonId): string => `direct:${person}`;

/** What a refusal is about: the message itself, the place it was meant for (gone, archived), or our access to the service. */
export const ChatRefusal = z.enum(['message', 'place', 'access']);
export type ChatRefusal = z.output<typeof ChatRefusal>;

/**
 * The place where people talk. Throws CHAT_UNAVAILABLE (transient; `data.retryAfterMs` when the service named a
 * time) or CHAT_REFUSED (permanent; `data.error` is the service's word, `data.about` a `ChatRefusal`).
 */
export interface Chat {
  /**
   * Posts a card. `sequence` marks it, so that a sender that does not know whether its last try arrived can ask
   * `findPosted` before it tries again. Not idempotent by itself.
   */
  post(message: { channel: string; threadTs?: string; card: Card; sequence: string }): Promise<MessagePlace>;
  /** Replaces a message of ours. Idempotent. */
  update(place: MessagePlace, card: Card): Promise<void>;
  /** The place of the message that carries this sequence, in the channel or in the thread, if it is there. */
  findPosted(channel: string, threadTs: string | undefined, sequence: string): Promise<MessagePlace | undefined>;
  /** To one person, in the channel. Delivery is not guaranteed; never carries an approval. */
  whisper(channel: string, person: PersonId, card: Card): Promise<void>;
  /** To one person, directly. */
  direct(person: PersonId, card: Card, sequence: string): Promise<MessagePlace>;
  /** Answers the command or click itself, for as long as its answer address lives (5 times, 30 minutes). */
  respond(answerAddress: string, card: Card, readers: Readers): Promise<void>;
  /** Opens a form within 3 s of the command or click that `trigger` came with. */
  openForm(trigger: string, form: Form): Promise<void>;
  /** A window that only shows. */
  openDetails(trigger: string, title: string, card: Card): Promise<void>;
  permalink(place: MessagePlace): Promise<string>;
  /** Whether the service answers, and as whom. */
  check(): Promise<{ team: string; bot: string }>;
}
