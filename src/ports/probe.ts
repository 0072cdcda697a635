import { z } from 'zod';
import { AlarmId, Region, Text } from '#core';

const numbers = z.record(z.string(), z.number()).default({});

/** It was seen, and it is as it should be. `words`: what was seen, as the reason for the verdict. */
const Well = z.object({ state: z.literal('well'), words: Text, numbers });

/** It was seen, or it did not answer: something is wrong. */
const Failed = z.object({
  state: z.literal('failed'),
  /** What is wrong in a few words, to be put behind a region: `database has no primary`. */
  what: z.string(),
  /** The reason, with its numbers: `2 of 2 members do not answer`. */
  words: Text,
  /** Which region is the one without it, where the thing itself has none. */
  where: Region.optional(),
  /** What it means for people and data, where the check's own words do not say it. */
  effect: Text.optional(),
  /** The next safe command, where the check's own is not the one. */
  next: z.string().optional(),
  /** Somebody may have done it on purpose. */
  hostile: z.boolean().default(false),
  /** The alarm that it was read from: people hear of it by that. */
  alarm: AlarmId.optional(),
  numbers,
});

/** It can't be seen, and why. Neither well nor failed. */
const Unseen = z.object({ state: z.literal('unknown'), words: Text });

/** What one look at something saw. */
export const ProbeResult = z.discriminatedUnion('state', [Well, Failed, Unseen]);
export type ProbeResult = z.output<typeof ProbeResult>;

/**
 * Looks once. Ends soon after the signal does; whoever asks does not wait longer. What it throws is an answer too: a
 * transient DrError means that the thing does not answer, any other that it can't be looked at.
 */
export type Look = (signal: AbortSignal) => Promise<ProbeResult>;
