import { z } from 'zod';

/** What the pager tells us by itself: one change of one incident, after its sender was proven. */
export const PagerDelivery = z.object({
  /** The event's own id, from the part that is signed: the same for every delivery of it, so also for a replayed one. */
  id: z.string().min(1).max(200),
  /** The delivery's id as its header has it. Nobody signs it: good for reading logs beside the pager's, for nothing else. */
  webhook: z.string().max(200),
  /** `incident.acknowledged` and the like. New ones may come at any time. */
  type: z.string().min(1).max(100),
  /** When it happened. Deliveries may come late, twice, and in another order. */
  occurredAt: z.date(),
  incident: z.object({
    /** The pager's own id. */
    id: z.string().min(1).max(100),
    /** Our key; the pager leaves it out of what is about a person rather than the incident. Then look it up by the id. */
    key: z.string().max(255).optional(),
    state: z.enum(['triggered', 'acknowledged', 'resolved']).optional(),
  }),
  /** Who did it (or, for a person's answer to a call, whose answer it is), by the pager's user id; nobody when a service did. */
  who: z.string().max(100).optional(),
  /** What a person who was called besides says to it. */
  answer: z.enum(['pending', 'joined', 'declined']).optional(),
});
export type PagerDelivery = z.output<typeof PagerDelivery>;

/** How many deliveries went which way since the start. */
export interface PagerIntakeCounts {
  readonly kept: number;
  /** Proven, and nothing for us: a test, another kind of thing, or a form we do not know. */
  readonly passedOver: number;
  /** Without a signature that one of our secrets made. */
  readonly forged: number;
  readonly tooLarge: number;
  /** Could not be made durable in time; the pager sends them again. */
  readonly notKept: number;
}

/** Takes in what the pager sends. */
export interface PagerIntake {
  /** Resolves when it listens, with the port. */
  start(): Promise<{ readonly port: number }>;
  counts(): PagerIntakeCounts;
  stop(): Promise<void>;
}
