import { z } from 'zod';
import { asDrError, at, createTurns, DrError, RequestId, say, type Text } from '#core';
import {
  type ControlStore,
  changeRecord,
  Incoming,
  type IntakeHandlers,
  insertNew,
  type LivePart,
  type Records,
  type Spool,
  type Stored,
} from '#ports';
import { blackOutCode } from './black-out-code.ts';
import type { Flow } from './flow.ts';
import { startsRun } from './starts-run.ts';

/** One stored payload. new > taken > done; what was taken and not finished within a minute is taken again. */
export const IntakeRecord = z.object({
  id: z.string(),
  incoming: Incoming,
  request: RequestId.optional(),
  arrivedAt: z.date(),
  state: z.enum(['new', 'taken', 'done']),
  takenAt: z.date().optional(),
  attempts: z.number().int(),
});
export type IntakeRecord = z.output<typeof IntakeRecord>;
export type Intakes = Records<IntakeRecord>;

export const openIntakes = (store: ControlStore): Intakes =>
  store.records<IntakeRecord>('intake', IntakeRecord, { indexed: ['state', 'arrivedAt'] });

/** How long the control store may take before the payload goes to this machine's disk; the ack is due within 3 s. */
const STORE_WITHIN_MS = 1_000;
const TAKE_AGAIN_AFTER_MS = 60_000;
const MOST_ATTEMPTS = 5;
/** Acknowledging comes before handling: a flood of commands must not keep the next one waiting. */
const HANDLED_AT_ONCE = 6;

export interface IntakeDeps<World> {
  readonly flow: Flow<World>;
  readonly intakes: Intakes;
  readonly spool: Spool;
  /** Does what a stored payload asks for. `live` is empty when another process had it first. */
  readonly dispatch: (record: IntakeRecord, live: LivePart) => Promise<void>;
}

/**
 * Durable before ack: a payload is in the control store, or on this disk, before it is acknowledged; it is handled
 * after, by this process at once or by any other later. Handling twice is harmless, losing is not.
 */
export function createIntake<World>(deps: IntakeDeps<World>): IntakeHandlers & {
  /** Handles what nobody finished, and brings in what waits on the disk. Call it every few seconds. */
  sweep(): Promise<void>;
} {
  const turns = createTurns(HANDLED_AT_ONCE);
  return {
    store: (incoming) => store(incoming, deps),
    handle: (incoming, live) =>
      turns.take(async () => {
        const record = await deps.intakes.get(incoming.key).catch(() => undefined);
        // In the spool still: the sweep brings it in.
        if (record) await take(record, live, deps).catch((error: unknown) => report(error, deps));
      }),
    sweep: () => sweep(deps),
  };
}

async function store<World>(incoming: Incoming, deps: IntakeDeps<World>): Promise<Text | undefined> {
  const { flow } = deps;
  const arrivedAt = flow.clock.now();
  try {
    const record = await within(keep(incoming, arrivedAt, deps), STORE_WITHIN_MS);
    return record.request
      ? say`${record.request} received ${at(arrivedAt)}. Working out what it would do...`
      : undefined;
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind !== 'transient') throw error;
    await deps.spool.put(incoming.key, JSON.stringify({ incoming, arrivedAt }));
    flow.logger.warn({ err: error, intake: incoming.key }, 'kept on this disk: the control store does not answer');
    if (incoming.kind === 'message') return undefined;
    return say`Received ${at(arrivedAt)} and kept. The control store does not answer; it is done as soon as it does.`;
  }
}

/** Inserts the payload, with a request number where its command needs one. The same payload again finds the first. */
async function keep<World>(
  incoming: Incoming,
  arrivedAt: Date,
  { flow, intakes }: IntakeDeps<World>,
): Promise<IntakeRecord> {
  const numbered = needsNumber(incoming, flow);
  const request = numbered ? RequestId.parse(`R-${await flow.store.nextNumber('requests')}`) : undefined;
  const record: IntakeRecord = {
    id: incoming.key,
    incoming,
    ...(request ? { request } : {}),
    arrivedAt,
    state: 'new',
    attempts: 0,
  };
  if (await insertNew(intakes, record)) return record;
  return (await intakes.get(incoming.key))?.value ?? record;
}

/** Buttons that make a request, as if its line were typed. */
const NUMBERED_BUTTONS: ReadonlySet<string> = new Set(['ask-again', 'next']);

/** Looking is not numbered; what changes something is. */
function needsNumber<World>(incoming: Incoming, flow: Flow<World>): boolean {
  if (incoming.kind === 'click') return NUMBERED_BUTTONS.has(incoming.button);
  const line = lineOf(incoming);
  return line !== undefined && startsRun(line, flow);
}

/**
 * The command line of what arrived, if it is one: typed, said to us in a thread, or put together by a form. There the answer
 * of a field called `switch` is the name of a flag without a value.
 */
export function lineOf(incoming: Incoming): string | undefined {
  if (incoming.kind === 'command') return incoming.text;
  if (incoming.kind === 'mention') return incoming.text.replace(/<@[A-Z0-9]+(\|[^>]*)?>/g, ' ').trim();
  if (incoming.kind !== 'form' || !incoming.form.startsWith('command:')) return undefined;
  const flags = Object.entries(incoming.answers).map(([name, value]) =>
    name === 'switch' && /^[a-z]+$/.test(value) ? `--${value}` : `--${name}=${JSON.stringify(value)}`,
  );
  return [incoming.form.slice('command:'.length), ...flags].join(' ');
}

async function take<World>(seen: Stored<IntakeRecord>, live: LivePart, deps: IntakeDeps<World>): Promise<void> {
  const record = seen.value;
  if (record.state === 'done') return;
  const taken: IntakeRecord = {
    ...record,
    state: 'taken',
    takenAt: deps.flow.clock.now(),
    attempts: record.attempts + 1,
  };
  if (!(await deps.intakes.replace(seen, taken))) return;
  try {
    await deps.dispatch(taken, live);
  } catch (error) {
    // Not finished, and known to be so: no need to wait as for a process that died.
    await changeRecord(deps.intakes, record.id, (now) =>
      now.attempts === taken.attempts ? { ...now, state: 'new' as const } : undefined,
    ).catch(() => undefined);
    throw error;
  }
  await changeRecord(deps.intakes, record.id, (current) => ({
    ...current,
    incoming: blackOutCode(current.incoming),
    state: 'done' as const,
  }));
}

async function sweep<World>(deps: IntakeDeps<World>): Promise<void> {
  for (const { key, item } of await deps.spool.list()) await drain(key, item, deps);
  const now = deps.flow.clock.now().getTime();
  const open = await deps.intakes.find({
    where: { state: { in: ['new', 'taken'] as const } },
    sort: { by: 'arrivedAt', order: 'ascending' },
    limit: 100,
  });
  for (const record of open) {
    const { value } = record;
    const since = (value.takenAt ?? value.arrivedAt).getTime();
    const patience = value.state === 'new' ? 2_000 : TAKE_AGAIN_AFTER_MS;
    if (now - since < patience || value.attempts >= MOST_ATTEMPTS) continue;
    await take(record, {}, deps).catch((error: unknown) => report(error, deps));
  }
}

/** From this disk into the control store. What can't be read is no reason to keep back what is behind it. */
async function drain<World>(key: string, item: string, deps: IntakeDeps<World>): Promise<void> {
  try {
    const spooled = Spooled.parse(JSON.parse(item));
    await keep(spooled.incoming, spooled.arrivedAt, deps);
  } catch (thrown) {
    if (asDrError(thrown).kind === 'transient') throw thrown;
    deps.flow.logger.error({ err: thrown, intake: key }, 'what lies in the spool can not be read; it stays there');
    return;
  }
  await deps.spool.remove(key);
}

const Spooled = z.object({ incoming: Incoming, arrivedAt: z.coerce.date() });

function report<World>(error: unknown, { flow }: IntakeDeps<World>): void {
  flow.logger.error({ err: error }, 'a stored payload could not be handled; it is tried again');
}

/** Rejects as STORE_UNAVAILABLE when it takes longer. The work may still succeed later; its key makes that harmless. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DrError('STORE_UNAVAILABLE', 'transient', `The control store took longer than ${ms} ms.`)),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
