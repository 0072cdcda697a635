import { z } from 'zod';
import { coldWorkflow } from '#failover';
import { type Journal, type RunRecord, stepHistory } from '#workflow';

/** How long the service in a cold region is about to take, by what restores took here. */
export interface Forecast {
  /** How many restores it rests on. */
  readonly runs: number;
  /** Loaded and proved, both together. */
  readonly bytesPerSecond: number;
  /** Until writes are accepted. */
  readonly openMs: number;
  readonly totalMs: number;
  readonly steps: readonly { readonly name: string; readonly ms: number }[];
}

/** Runs that load and prove data, and the steps that do it. */
const RESTORES = ['restore', 'restore-as', 'restore-on', 'cold-failover'];
const BY_SIZE = ['load', 'prove', 'load-data', 'prove-data'];
const LOOKED_AT = 20;
/** What does not depend on the size, where no such run was ever made here. */
const OTHER_STEPS_MS = { before: 30_000, after: 120_000 };

const Sized = z.object({ bytes: z.number().positive() });
const Whole = z.object({ restores: Sized.optional(), bytes: z.number() });

/** Undefined where nothing was restored here yet. The slowest of the restores counts: nobody is promised the best day. */
export async function forecastCold(journal: Journal, bytes: number): Promise<Forecast | undefined> {
  const found = await journal.find({
    where: { workflow: { in: RESTORES }, state: 'done' },
    sort: { by: 'endedAt', order: 'descending' },
    limit: LOOKED_AT,
  });
  const speeds = found.flatMap(({ value }) => speedOf(value) ?? []);
  if (speeds.length === 0) return undefined;
  const bytesPerSecond = Math.min(...speeds);
  const restoreMs = (bytes / bytesPerSecond) * 1_000;
  const history = await stepHistory(journal, coldWorkflow.name);
  const usual = (name: string): number => history.steps.get(name)?.usualMs ?? 0;
  const names = coldWorkflow.steps.map(({ name }) => name);
  const opens = names.indexOf('open-writes');
  const sum = (some: readonly string[]): number =>
    some.filter((name) => !BY_SIZE.includes(name)).reduce((total, name) => total + usual(name), 0);
  const known = history.runs > 0;
  const openMs = restoreMs + (known ? sum(names.slice(0, opens + 1)) : OTHER_STEPS_MS.before);
  const totalMs = openMs + (known ? sum(names.slice(opens + 1)) : OTHER_STEPS_MS.after);
  const steps = known
    ? names.map((name) => ({ name, ms: BY_SIZE.includes(name) ? restoreMs / 2 : usual(name) }))
    : [{ name: 'load-data and prove-data', ms: restoreMs }];
  return { runs: speeds.length, bytesPerSecond, openMs, totalMs, steps };
}

/** Bytes a second of one run; of a run too small to tell, undefined. */
function speedOf(run: RunRecord): number | undefined {
  const tookMs = run.steps
    .filter(({ name }) => BY_SIZE.includes(name))
    .reduce((sum, step) => sum + (step.tookMs ?? 0), 0);
  const bytes = sizeOf(run);
  return bytes === undefined || bytes === 0 || tookMs <= 0 ? undefined : bytes / (tookMs / 1_000);
}

function sizeOf({ steps }: RunRecord): number | undefined {
  const loaded = Sized.safeParse(steps.find(({ name }) => name === 'load-data')?.output);
  if (loaded.success) return loaded.data.bytes;
  const opened = Whole.safeParse(steps.find(({ name }) => name === 'open')?.output);
  return opened.success ? (opened.data.restores?.bytes ?? opened.data.bytes) : undefined;
}
