import { z } from 'zod';
import type { Detection } from '#plan';

/** What is remembered of a thing between judgements: since when it is what it is, and how often that changed. */
export const Standing = z.object({
  key: z.string(),
  /** What the vantage points said last. */
  raw: z.enum(['well', 'failing']),
  /** What it counts as: what comes and goes stays failing. */
  state: z.enum(['well', 'failing']),
  since: z.date(),
  changes: z.array(z.date()),
  flapping: z.boolean(),
});
export type Standing = z.output<typeof Standing>;

/** What is well for so long is forgotten: until then that it is well again is told each time, in case nobody heard. */
export const FORGOTTEN_MS = 3_600_000;

/**
 * What a thing counts as, after what is said of it now. One that changed `flapping.changes` times within the plan's minutes
 * stays failing until nothing has changed for as long. `undefined` now: nobody can say, so nothing changes. Nothing is
 * remembered of what was never failing. Pure.
 */
export function steady(
  before: Standing | undefined,
  now: { readonly key: string; readonly raw: Standing['raw'] | undefined; readonly since: Date | undefined },
  at: Date,
  { flapping }: Pick<Detection, 'flapping'>,
): Standing | undefined {
  const raw = now.raw ?? before?.raw;
  if (raw === undefined) return undefined;
  if (!before && raw === 'well') return undefined;
  const windowMs = flapping.withinMinutes * 60_000;
  const changed = before?.raw !== raw;
  const changes = [...(before?.changes ?? []), ...(changed ? [at] : [])].filter(
    (when, index, all) => at.getTime() - when.getTime() < windowMs || index === all.length - 1,
  );
  const calmMs = at.getTime() - (changes.at(-1) ?? at).getTime();
  const isFlapping = before?.flapping ? calmMs < windowMs : changes.length >= flapping.changes;
  const state = raw === 'failing' || (isFlapping && before?.state === 'failing') ? 'failing' : 'well';
  const same = before && before.state === state;
  if (state === 'well' && same && at.getTime() - before.since.getTime() >= FORGOTTEN_MS) return undefined;
  const began = state === 'failing' ? (now.since ?? at) : at;
  return { key: now.key, raw, state, since: same ? before.since : began, changes, flapping: isFlapping };
}
