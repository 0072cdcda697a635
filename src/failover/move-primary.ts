import { type Clock, DrError, formatDuration, type RequestId } from '#core';
import { isAtLeast, type Member, type MemberRole, type OpTime } from '#ports';
import type { MemberFact } from './facts.ts';
import { gainsVote, losesVote, preferred, roleOf } from './member-roles.ts';
import type { Pauses } from './receipt.ts';
import type { FailoverWorld } from './world.ts';
import { type Hold, holdWrites, liftWritesWithin } from './write-block.ts';

/** What a change of primary needs to know; `before` and `after` are the members' roles. */
export interface PrimaryMove {
  readonly run: RequestId;
  readonly to: string;
  readonly after: readonly MemberFact[];
  readonly pauseMs: number;
}

export interface Mover {
  readonly world: FailoverWorld;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A member as it was before the pause; looking again at a set with a frozen member would take two seconds of it. */
export type Seen = Pick<Member, 'host' | 'votes' | 'state'>;

const RECONFIGURE_WITHIN_MS = 15_000;
/** What stays of the pause for lifting the block when everything before took too long. */
const RESERVE_MS = 400;

/**
 * Everything that needs no pause, so that the pause gets short: votes that are gained, the target's priority,
 * transactions that the block would wait for. Idempotent.
 * Returns how many transactions were ended.
 */
export async function prepareMove({ world, signal }: Mover, move: PrimaryMove): Promise<number> {
  const { replicaSet, settings } = world;
  const { members } = await replicaSet.look();
  const target = members.find(({ host }) => host === move.to);
  if (target?.state === 'unreachable' || !target) {
    throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${move.to} does not answer.`);
  }
  for (const role of gainsVote(members, move.after)) {
    signal.throwIfAborted();
    await replicaSet.setRoles([role], RECONFIGURE_WITHIN_MS);
  }
  signal.throwIfAborted();
  if (target.state !== 'primary') {
    const others = members.filter(({ host }) => host !== move.to);
    const first = preferred({ members: others });
    if (target.priority < first) {
      await replicaSet.setRoles([{ host: move.to, votes: 1, priority: first }], RECONFIGURE_WITHIN_MS);
    }
    // The others are left to copy from whom they do. Having them copy from the target beforehand would save half a
    // second of pause, but a target that freezes then holds up every majority write of the old region too (tried).
  }
  return replicaSet.endTransactions(settings.endTransactionsOlderThanMs);
}

/** Blocks writes in the run's name; goes on with a block that is on. A block that waits in vain is tried again once. */
export async function holdForMove({ world, signal }: Mover, move: PrimaryMove): Promise<Hold> {
  const { settings, replicaSet } = world;
  signal.throwIfAborted();
  const bounds = { pauseMs: move.pauseMs, withinMs: settings.blockWithinMs };
  try {
    return await holdWrites(world, move.run, bounds);
  } catch (thrown) {
    if (!(thrown instanceof DrError && thrown.code === 'TIMED_OUT')) throw thrown;
    // A transaction that was too young to be ended a moment ago is in the way now.
    await replicaSet.endTransactions(0);
    return holdWrites(world, move.run, bounds);
  }
}

/**
 * The pause itself: catch-up, election, votes, unblock; and then, with writes open, whatever could not be finished
 * within the approved pause. May be called again at any point: each part first looks whether it is done.
 * When the target can't take over in time, writes are reopened where they were and TIMED_OUT (permanent) is thrown.
 */
export async function moveWhileHeld(mover: Mover, move: PrimaryMove, seen: readonly Seen[]): Promise<Pauses> {
  const { world, clock, signal } = mover;
  const { replicaSet } = world;
  const hold = await holdForMove(mover, move);
  const endsAt = clock.monotonicMs() + hold.leftMs - RESERVE_MS;
  const source = await replicaSet.primary();
  const losing = losesVote(seen, move.after, source);
  if (source !== move.to) {
    try {
      await catchUp(mover, source, move.to, endsAt);
      signal.throwIfAborted();
      await replicaSet.stepUp(move.to, Math.max(1, Math.min(endsAt - clock.monotonicMs(), 5_000)));
    } catch (thrown) {
      throw await reopened(mover, move, thrown, endsAt);
    }
  }
  const left = await takeVotes(mover, losing, endsAt);
  const pauses = await liftWritesWithin(world, move.run, 15_000, clock);
  for (const role of left) {
    signal.throwIfAborted();
    await replicaSet.setRoles([role], RECONFIGURE_WITHIN_MS);
  }
  await replicaSet.setRoles(move.after.map(roleOf), RECONFIGURE_WITHIN_MS);
  return pauses;
}

/** Brings all roles about with writes open: votes one by one, then the rest at once. Idempotent. */
export async function settleRoles({ world, signal }: Mover, after: readonly MemberFact[]): Promise<void> {
  const { members } = await world.replicaSet.look();
  for (const role of [...gainsVote(members, after), ...losesVote(members, after, '')]) {
    signal.throwIfAborted();
    await world.replicaSet.setRoles([role], RECONFIGURE_WITHIN_MS);
  }
  await world.replicaSet.setRoles(after.map(roleOf), RECONFIGURE_WITHIN_MS);
}

/**
 * Waits until the target itself says that it has all the primary had when the block was on. A target that does not
 * answer is asked again until the time is up: giving up earlier would not reopen writes any sooner than it could help.
 */
async function catchUp({ world, clock, signal }: Mover, from: string, to: string, endsAt: number): Promise<void> {
  const wanted = await world.replicaSet.appliedOn(from);
  for (;;) {
    signal.throwIfAborted();
    if (await hasApplied(world, to, wanted, clock, endsAt)) return;
    if (clock.monotonicMs() >= endsAt) {
      throw new DrError('TIMED_OUT', 'permanent', `${to} did not catch up with ${from} in time.`);
    }
    await clock.sleep(10, signal);
  }
}

/** A frozen member answers nothing for longer than the pause may last, so the question ends with the pause. */
async function hasApplied(
  world: FailoverWorld,
  host: string,
  wanted: OpTime,
  clock: Clock,
  endsAt: number,
): Promise<boolean> {
  const answer = world.replicaSet.appliedOn(host).then(
    (applied) => isAtLeast(applied, wanted),
    (error: unknown) => {
      if (error instanceof DrError && error.kind === 'transient') return false;
      throw error;
    },
  );
  const ended = new AbortController();
  const late = clock.sleep(Math.max(1, endsAt - clock.monotonicMs()), ended.signal).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    ended.abort();
  }
}

/** Takes votes one by one while the pause lasts; returns those for which there was no time. */
async function takeVotes({ world, clock, signal }: Mover, losing: readonly MemberRole[], endsAt: number) {
  for (const [index, role] of losing.entries()) {
    const leftMs = endsAt - clock.monotonicMs();
    if (leftMs < 50) return losing.slice(index);
    signal.throwIfAborted();
    try {
      await world.replicaSet.setRoles([role], leftMs);
    } catch (thrown) {
      if (thrown instanceof DrError && thrown.kind === 'transient') return losing.slice(index);
      throw thrown;
    }
  }
  return [];
}

/** Reopens writes, unless a successor holds the run: then the pause is its to end. Returns what to throw. */
async function reopened({ world, clock, signal }: Mover, move: PrimaryMove, thrown: unknown, endsAt: number) {
  if (signal.aborted) return signal.reason;
  const inTime = thrown instanceof DrError && thrown.kind === 'transient' && clock.monotonicMs() < endsAt;
  if (inTime) return thrown;
  const pauses = await liftWritesWithin(world, move.run, 30_000, clock);
  const lasted = formatDuration(pauses.at(-1)?.ms ?? 0);
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new DrError('TIMED_OUT', 'permanent', `Writes were reopened after ${lasted}: ${why}`, {
    cause: thrown,
    hint: `Approved was a pause of up to ${formatDuration(move.pauseMs)}. See how far ${move.to} is behind, then ask again.`,
  });
}
