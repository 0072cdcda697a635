import { z } from 'zod';
import { AlarmId, IncidentId, PersonId, RequestId, Sha256, Text } from '#core';

/** What kind of fact an entry is. The words of the fact are in `text`; the kind is for counting and finding. */
export const EntryKind = z.enum([
  // a request's way to its end
  'asked',
  'previewed',
  'approved',
  'denied',
  'not-counted',
  'void',
  'expired',
  'cancelled',
  'started',
  'step',
  'took-over',
  'held',
  'resumed',
  'put-back',
  'stopped',
  'failed',
  'done',
  'refused',
  // an incident's
  'incident',
  'paged',
  'acknowledged',
  'escalated',
  'resolved',
  // what people wrote
  'human',
  'human-edited',
  'human-deleted',
  // about backups, drills and Holdfast itself
  'backup',
  'drill',
  'alarm',
  'delivery',
  'note',
]);
export type EntryKind = z.output<typeof EntryKind>;

/** Who did it: a person of the roster, Holdfast itself, or somebody it does not know (with the name others use). */
export const Actor = z.union([z.literal('holdfast'), PersonId, z.object({ outsider: z.string().max(200) })]);
export type Actor = z.output<typeof Actor>;

/** A request's, an incident's or an alarm's thread. */
export const ThreadId = z.union([RequestId, IncidentId, AlarmId]);
export type ThreadId = z.output<typeof ThreadId>;

/** What the writer of an entry gives. */
export const NewEntry = z.object({
  /** The idempotency key, and the same for every try: `R-42/step/promote/done`. */
  id: z.string().min(1).max(300),
  request: RequestId.optional(),
  incident: IncidentId.optional(),
  alarm: AlarmId.optional(),
  kind: EntryKind,
  actor: Actor,
  /** One fact with its number, without its time. */
  text: Text,
  /** Who is mentioned when it is posted. */
  notify: z.array(PersonId).default([]),
  /** Whether it becomes a line of the thread. What is in the thread already (people's own words) does not. */
  inThread: z.boolean(),
  data: z.record(z.string(), z.json()).default({}),
});
export type NewEntry = z.input<typeof NewEntry>;

/** One fact of the record. Never changed and never removed. */
export const TimelineEntry = NewEntry.extend({
  /** 1, 2, 3 ... over all threads, without gaps. */
  sequence: z.number().int().positive(),
  /** The request's thread, else the incident's, else the alarm's. */
  thread: ThreadId.optional(),
  /** By the control store's clock, when it was recorded. */
  at: z.date(),
  /** The hash of the entry before; sixty-four zeros in the first. */
  previousHash: Sha256,
  /** SHA-256 of the canonical JSON of everything above. */
  hash: Sha256,
});
export type TimelineEntry = z.output<typeof TimelineEntry>;

export const NO_HASH = Sha256.parse('0'.repeat(64));

/** The field of an entry that puts it into this thread. */
export function inThread(thread: ThreadId): { request: RequestId } | { incident: IncidentId } | { alarm: AlarmId } {
  const request = RequestId.safeParse(thread);
  if (request.success) return { request: request.data };
  const alarm = AlarmId.safeParse(thread);
  return alarm.success ? { alarm: alarm.data } : { incident: IncidentId.parse(thread) };
}
