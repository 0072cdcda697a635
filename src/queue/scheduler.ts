import { asDrError, type Clock, type DrError } from '#core';
import { type ControlStore, changeRecord, insertNew, type Records, type Stored } from '#ports';
import { dueUntil, nextDue, type Schedule } from './schedule.ts';
import { openSchedules, type ScheduleState } from './schedule-state.ts';

export interface SchedulerOptions {
  readonly store: ControlStore;
  readonly clock: Clock;
  /** Unique for this process. */
  readonly holder: string;
  readonly schedules: readonly Schedule[];
  /** An occurrence is unfinished `lateMs` after its time. Told once for each occurrence, by one process. */
  readonly onLate: (schedule: Schedule, dueAt: Date, lateMs: number) => Promise<void>;
  readonly onTrouble: (what: string, error: DrError) => void;
}

export interface Scheduler {
  start(): void;
  /** Ends after what it is starting just now. */
  stop(): Promise<void>;
  /** Looks once at every schedule, as it does every second. */
  look(): Promise<void>;
  state(name: string): Promise<ScheduleState | undefined>;
}

const LOOK_EVERY_MS = 1000;
/** A process that took an occurrence and did not end it within this time is taken for dead. */
const TAKEN_FOR_MS = 60_000;
const TRY_AGAIN_MS = 30_000;
const MISSED_KEPT = 50;
/** The plan's, and those of plans before it, whose states stay. One that is not among them is asked for by its name. */
const MOST_SCHEDULES = 500;

/**
 * Starts what is due, once among all processes. After a downtime each schedule is served once, for its newest time;
 * the times before are written down as missed.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, clock, schedules, onTrouble } = options;
  const records = openSchedules(store);
  const ended = new AbortController();
  let looping: Promise<void> | undefined;

  const lookAt = async (schedule: Schedule, last: Stored<ScheduleState> | undefined, now: Date): Promise<void> => {
    const seen = last && isTimedAs(last.value, schedule) ? last : await current(records, schedule, now);
    if (!seen) return;
    const told = await tellIfLate(records, schedule, seen, now, options.onLate);
    const fresh = told ? await records.get(schedule.name) : seen;
    const mine = fresh && (await take(records, schedule, fresh, now, options.holder));
    if (mine) await serve(records, schedule, mine, options);
  };

  const lookAtAll = async (): Promise<void> => {
    // one question for all: mostly nothing is due, and every process asks every second
    const [now, found] = await Promise.all([store.now(), records.find({ limit: MOST_SCHEDULES })]);
    const states = new Map(found.map((stored) => [stored.value.id, stored]));
    const looks = schedules.map((schedule) =>
      lookAt(schedule, states.get(schedule.name), now).catch((thrown: unknown) =>
        onTrouble(`schedule ${schedule.name}`, asDrError(thrown)),
      ),
    );
    await Promise.all(looks);
  };

  const look = (): Promise<void> =>
    lookAtAll().catch((thrown: unknown) => onTrouble('the look at the schedules', asDrError(thrown)));

  const loop = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await look();
      await clock.sleep(LOOK_EVERY_MS, ended.signal).catch(() => undefined);
    }
  };

  return {
    start: () => {
      looping ??= loop();
    },
    stop: async () => {
      ended.abort();
      await looping;
    },
    look,
    state: async (name) => (await records.get(name))?.value,
  };
}

/** The schedule's state; made on first sight, and set anew when the plan now says other times. */
async function current(records: Records<ScheduleState>, schedule: Schedule, now: Date) {
  const { name, cron, timeZone } = schedule;
  const seen = await records.get(name);
  if (!seen) {
    const fresh = { id: name, cron, timeZone, nextDueAt: nextDue(schedule, now), missed: [] };
    await insertNew(records, fresh);
    return await records.get(name);
  }
  if (isTimedAs(seen.value, schedule)) return seen;
  // What was due under the old times and not served yet still is; the new times count from now.
  const nextDueAt = seen.value.nextDueAt <= now ? seen.value.nextDueAt : nextDue(schedule, now);
  await records.replace(seen, { ...seen.value, cron, timeZone, nextDueAt });
  return await records.get(name);
}

const isTimedAs = (state: ScheduleState, { cron, timeZone }: Schedule): boolean =>
  state.cron === cron && state.timeZone === timeZone;

/** One process among many gets the occurrence that is due, or the one that another process left unfinished. */
async function take(
  records: Records<ScheduleState>,
  schedule: Schedule,
  seen: Stored<ScheduleState>,
  now: Date,
  by: string,
): Promise<NonNullable<ScheduleState['taken']> | undefined> {
  const state = seen.value;
  const times = { startedAt: now, until: new Date(now.getTime() + TAKEN_FOR_MS), by };
  if (state.taken) {
    if (state.taken.until > now) return undefined;
    const taken = { ...state.taken, ...times, tries: state.taken.tries + 1 };
    return (await records.replace(seen, { ...state, taken })) ? taken : undefined;
  }
  const due = dueUntil(schedule, state.nextDueAt, now);
  const dueAt = due.at(-1);
  if (!dueAt) return undefined;
  const missed = due.slice(0, -1);
  const taken = { ...times, dueAt, missed: missed.slice(-MISSED_KEPT), tries: 1 };
  const next: ScheduleState = {
    ...state,
    taken,
    nextDueAt: nextDue(schedule, now),
    lastDueAt: dueAt,
    lastStartedAt: now,
    missed: [...state.missed, ...missed].slice(-MISSED_KEPT),
  };
  return (await records.replace(seen, next)) ? taken : undefined;
}

async function serve(
  records: Records<ScheduleState>,
  schedule: Schedule,
  taken: NonNullable<ScheduleState['taken']>,
  { store, onTrouble }: SchedulerOptions,
): Promise<void> {
  const { dueAt, missed } = taken;
  const isMine = (state: ScheduleState) => state.taken?.by === taken.by && state.taken.tries === taken.tries;
  try {
    await schedule.start({ dueAt, missed, key: `${schedule.name}/${dueAt.toISOString()}` });
  } catch (thrown) {
    const error = asDrError(thrown);
    onTrouble(`schedule ${schedule.name} could not start; it is tried again`, error);
    const now = await store.now();
    await changeRecord(records, schedule.name, (state) =>
      isMine(state)
        ? {
            ...state,
            taken: { ...taken, until: new Date(now.getTime() + TRY_AGAIN_MS) },
            lastFailure: { at: now, message: error.message },
          }
        : undefined,
    );
    return;
  }
  const lastEndedAt = await store.now();
  await changeRecord(records, schedule.name, (state) => {
    if (!isMine(state)) return undefined;
    const { taken: _done, lastFailure: _mended, ...rest } = state;
    return { ...rest, lastEndedAt };
  });
}

/**
 * Late is what is due or taken and was not ended in time; told by whoever writes it down first. Answers whether the state
 * was written.
 */
async function tellIfLate(
  records: Records<ScheduleState>,
  schedule: Schedule,
  seen: Stored<ScheduleState>,
  now: Date,
  onLate: SchedulerOptions['onLate'],
): Promise<boolean> {
  const dueAt = seen.value.taken?.dueAt ?? seen.value.nextDueAt;
  const lateMs = now.getTime() - dueAt.getTime();
  if (lateMs < schedule.lateAfterMs || seen.value.lateToldFor?.getTime() === dueAt.getTime()) return false;
  if (!(await records.replace(seen, { ...seen.value, lateToldFor: dueAt }))) return true;
  try {
    await onLate(schedule, dueAt, lateMs);
  } catch (thrown) {
    // An alarm that reached nobody was not told: the next look tells it again.
    await changeRecord(records, schedule.name, ({ lateToldFor: _, ...state }: ScheduleState) => state);
    throw thrown;
  }
  return true;
}
