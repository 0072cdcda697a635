import { z } from 'zod';
import { AlarmId, Text } from '#core';

/** What people read about an alarm, and what programs count. */
const Words = z.object({
  /** What is so, in a few words: `Nothing new is durable`. */
  title: z.string(),
  cause: Text,
  /** What it means for the system's data while it lasts. */
  effect: Text,
  /** The next safe command, as it is typed. */
  next: z.string(),
  numbers: z.record(z.string(), z.number()),
  /** Changes when people should hear of it again; numbers that only grow leave it as it is. */
  mark: z.string(),
});

/** One stay of something wrong. */
export const Alarm = Words.extend({
  id: AlarmId,
  /** Which thing: `region-behind/us-west-2`. At most one alarm with this key is open. */
  key: z.string(),
  state: z.enum(['open', 'over']),
  /** When it began to be wrong, as far as that is known; all times by the control store's clock. */
  since: z.date(),
  raisedAt: z.date(),
  /** When its words were last written. */
  changedAt: z.date(),
  overAt: z.date().optional(),
  /** How often its mark changed. */
  changes: z.number().int(),
  /** Its last beginning, change or end is not in the record yet. */
  untold: z.boolean(),
});
export type Alarm = z.output<typeof Alarm>;

/** Something is wrong now. */
export type BadSighting = z.output<typeof Words> & {
  readonly key: string;
  readonly state: 'bad';
  /** When it began, where whoever looks knows that better than the first look that saw it. */
  readonly since?: Date | undefined;
};

/** What one look saw of one thing. `unknown`: it could not be seen, and nothing about it changes. */
export type Sighting = BadSighting | { readonly key: string; readonly state: 'good' | 'unknown' };

/** One kind of thing that is looked at again and again. */
export interface Rule {
  /** `region-behind`; the keys of its sightings are this, or begin with this and a `/`. */
  readonly name: string;
  /** What it sees, in words: `whether backups are on time`. */
  readonly about: string;
  readonly everyMs: number;
  /** How long it must be wrong before an alarm is raised, in ms; 0 where the look itself measures a time. */
  readonly raiseAfterMs: number;
  /** How long it must be well before an alarm is over: what comes and goes is one alarm, not twenty. */
  readonly overAfterMs: number;
  /** Everything there is to see; an open alarm's thing that is not among it is well. Throws when it can't look. */
  look(): Promise<readonly Sighting[]>;
}
