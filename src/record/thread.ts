import { z } from 'zod';
import { PersonId, Sha256 } from '#core';
import { Card, type ControlStore, MessagePlace, type Records } from '#ports';
import { ThreadId } from './entry.ts';

/** A line about an outage, to be posted before the lines that waited for its end. */
export const OutageNotice = z.object({ from: z.date(), to: z.date(), lines: z.number().int().positive() });
export type OutageNotice = z.output<typeof OutageNotice>;

/** How far the copy of one request or incident in Slack has got. */
export const Thread = z.object({
  id: ThreadId,
  channel: z.string(),
  /** The sequence of the newest entry that is in the thread, or was passed over. */
  cursor: z.number().int(),
  /** The oldest entry that is to become a line and is none yet. */
  next: z.number().int().optional(),
  /** The root message that now stands for the request; absent until it was posted. */
  root: MessagePlace.optional(),
  /** Where people open the root message with this `ts`: what leads into its thread from outside the chat. */
  link: z.object({ ts: z.string(), url: z.string() }).optional(),
  /** Counts the root messages: a voided card stays, and a new one is posted. */
  rootNumber: z.number().int().positive(),
  /** A card is to be posted as soon as there is one. */
  rootWanted: z.boolean(),
  /** The hash of the card as it was last sent. */
  cardHash: Sha256.optional(),
  /** The card may still change: it is rendered every second and compared. */
  live: z.boolean(),
  /** When the card last changed or an entry came, by the store's clock. */
  movedAt: z.date(),
  /** Root messages of before, with the card they are to end with. */
  retired: z.array(z.object({ place: MessagePlace, card: Card })),
  notice: OutageNotice.optional(),
});
export type Thread = z.output<typeof Thread>;

export const openThreads = (store: ControlStore): Records<Thread> =>
  store.records('threads', Thread, { indexed: ['next', 'rootWanted', 'live', 'movedAt'] });

/** What the poster remembers between processes. */
export const PosterState = z.object({
  id: z.literal('poster'),
  /** Entries up to this sequence have been given to their threads. */
  scanned: z.number().int(),
  /** Since when nothing reaches the chat. */
  unreachableSince: z.date().optional(),
});
export type PosterState = z.output<typeof PosterState>;

export const openPosterState = (store: ControlStore): Records<PosterState> => store.records('poster', PosterState);

/** A message to one person that is delivered once, whenever the chat can be reached. */
export const DirectMessage = z.object({
  /** The idempotency key: `R-42/approval/1/alex-chen`. */
  id: z.string().max(300),
  person: PersonId,
  card: Card,
  /** After this it would only confuse, and is not sent any more. */
  until: z.date(),
  state: z.enum(['waiting', 'sent', 'refused', 'late']),
  /** How often it was tried. Above 0 it may have arrived without our knowing. */
  tries: z.number().int(),
  place: MessagePlace.optional(),
  /** When it was there. */
  sentAt: z.date().optional(),
  /** The chat's word when it refused. */
  refusal: z.string().optional(),
  queuedAt: z.date(),
});
export type DirectMessage = z.output<typeof DirectMessage>;

export const openDirectMessages = (store: ControlStore): Records<DirectMessage> =>
  store.records('direct-messages', DirectMessage, { indexed: ['state', 'queuedAt'] });
