import { z } from 'zod';
import { type Clock, DrError, RequestId } from '#core';
import { type ControlStore, changeRecord, type Records, type ReplicaSet } from '#ports';
import type { Pauses } from './receipt.ts';

/**
 * A run's pauses of user writes, written down before the database is told. A block that survives its run would stop
 * the whole system; with this record any worker knows whose it is and from when on it may be lifted.
 */
export const WriteBlock = z.object({
  /** The run's. */
  id: RequestId,
  state: z.enum(['on', 'lifted']),
  /** By the control store's clock: from then on the block is nobody's wish any more. */
  liftBy: z.date(),
  pauses: z.array(z.object({ from: z.date(), until: z.date().optional() })),
});
export type WriteBlock = z.output<typeof WriteBlock>;
export type WriteBlocks = Records<WriteBlock>;

export const openWriteBlocks = (store: ControlStore): WriteBlocks =>
  store.records<WriteBlock>('write-blocks', WriteBlock, { indexed: ['state'] });

interface BlockWorld {
  readonly replicaSet: ReplicaSet;
  readonly writeBlocks: WriteBlocks;
  readonly store: Pick<ControlStore, 'now'>;
}

export interface Hold {
  /** When this pause began, by the control store's clock. */
  readonly from: Date;
  /** How much of the approved pause is left. */
  readonly leftMs: number;
}

export interface HoldBounds {
  readonly pauseMs: number;
  readonly withinMs: number;
  /**
   * After the loss of a region: a block that is on already becomes this run's, without a look at members that are dead; and no
   * writer gets through before the run opens writes, also when a pause of it has run out or the order to block was not answered.
   */
  readonly takeOver?: boolean;
}

/**
 * Has user writes blocked, in the name of a run. Goes on with a pause of the same run that has time left; one whose
 * time is up is ended first, so that writers get through, and a new one begun.
 * WRONG_STATE (permanent) when writes are blocked by somebody else: it is theirs to lift.
 */
export async function holdWrites(
  world: BlockWorld,
  run: RequestId,
  { pauseMs, withinMs, takeOver = false }: HoldBounds,
): Promise<Hold> {
  let record = (await world.writeBlocks.get(run))?.value;
  let now = await world.store.now();
  if (record?.state === 'on' && record.liftBy <= now) {
    if (!takeOver) await liftWrites(world, run);
    record = undefined;
    now = await world.store.now();
  }
  const running = record?.state === 'on' ? record.pauses.at(-1) : undefined;
  if (record && running) {
    await world.replicaSet.blockWrites(withinMs);
    return { from: running.from, leftMs: record.liftBy.getTime() - now.getTime() };
  }
  if (!takeOver) await refuseBlocked(world);
  await writeDown(world, run, { from: now, liftBy: new Date(now.getTime() + pauseMs) });
  try {
    await world.replicaSet.blockWrites(withinMs);
  } catch (thrown) {
    if (!takeOver) await liftWrites(world, run);
    throw thrown;
  }
  return { from: now, leftMs: pauseMs };
}

async function refuseBlocked({ replicaSet }: BlockWorld): Promise<void> {
  const { members } = await replicaSet.look();
  if (!members.some(({ state, blocked }) => state === 'primary' && blocked)) return;
  throw new DrError('WRONG_STATE', 'permanent', 'User writes are blocked already, and not by this run.', {
    hint: 'Find out who blocked them: db.adminCommand({setUserWriteBlockMode: 1, global: false}) reopens.',
  });
}

async function writeDown(
  { writeBlocks }: BlockWorld,
  run: RequestId,
  { from, liftBy }: { readonly from: Date; readonly liftBy: Date },
): Promise<void> {
  const first: WriteBlock = { id: run, state: 'on', liftBy, pauses: [{ from }] };
  const changed = await changeRecord(writeBlocks, run, ({ pauses }) => ({ ...first, pauses: [...pauses, { from }] }));
  if (!changed) await writeBlocks.insert(first);
}

/** Takes user writes again and notes when. Idempotent. Returns the run's pauses. */
export async function liftWrites(world: BlockWorld, run: RequestId): Promise<Pauses> {
  const record = await world.writeBlocks.get(run);
  if (record?.value.state !== 'on') return pausesOf(record?.value);
  await world.replicaSet.unblockWrites();
  const until = await world.store.now();
  const lifted = await changeRecord(world.writeBlocks, run, (block) => ({
    ...block,
    state: 'lifted' as const,
    pauses: block.pauses.map((pause) => ({ from: pause.from, until: pause.until ?? until })),
  }));
  return pausesOf(lifted);
}

/** The same, asked again while there is no primary: whoever waits for its writes waits for this. */
export async function liftWritesWithin(
  world: BlockWorld,
  run: RequestId,
  withinMs: number,
  clock: Clock,
): Promise<Pauses> {
  const endsAt = clock.monotonicMs() + withinMs;
  for (;;) {
    try {
      return await liftWrites(world, run);
    } catch (thrown) {
      if (!(thrown instanceof DrError && thrown.kind === 'transient') || clock.monotonicMs() > endsAt) throw thrown;
      await clock.sleep(50);
    }
  }
}

/** How long the run has paused writes, pause by pause; one that still lasts is left out. */
export const pausesOf = (block: WriteBlock | undefined): Pauses =>
  (block?.pauses ?? []).flatMap(({ from, until }) =>
    until ? [{ from, ms: Math.max(0, until.getTime() - from.getTime()) }] : [],
  );
