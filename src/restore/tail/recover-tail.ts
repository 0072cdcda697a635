import { type Clock, counted, DrError, formatCount, type RequestId, say, type Text } from '#core';
import { compareOplogTimes, type OpTime, type TailTarget } from '#ports';
import { entriesBetween, openTimeline, reachableVault, type Timeline, type Vault } from '#vault';
import { CommittedOperations } from '../committed-operations.ts';
import { parseEntry } from '../oplog-entry.ts';
import { findTail, neighboursOf, next, opTimeOf } from './find-tail.ts';
import { forkByEntries, forkByTerms } from './judge-fork.ts';
import { leftOutBeyond } from './left-in-vault.ts';
import { beginRecovery, noteRecovery, readRecovery } from './recovery-record.ts';
import { openReplay } from './replay-there.ts';
import { isOfOldHistory, readPin, type TailPin } from './save-tail.ts';
import { notOneHistory, type TailWorld, withMember } from './tail-world.ts';

export interface RecoveredTail {
  readonly applied: number;
  readonly reaches: OpTime;
  readonly leftOut: number;
}

export interface TailWork {
  readonly signal: AbortSignal;
  report(text: Text): void;
}

/** How often it is said how far it is, in ms. */
const SAID_EVERY_MS = 1_000;

/**
 * Applies to the present primary what the vault has after the survivor's newest entry, in the order in which it took effect.
 * User writes must be blocked: nobody else may change what is there. Idempotent; taken up again it goes on where it was.
 * Throws NOT_REPLAYABLE (permanent) before anything is changed when the histories are not one, and at an entry that it does
 * not know, which it names; everything before that entry is applied then.
 */
export async function recoverTail(
  world: TailWorld,
  run: RequestId,
  survivor: OpTime,
  work: TailWork,
): Promise<RecoveredTail> {
  const earlier = await readRecovery(world.store, run);
  if (earlier?.leftOut !== undefined) {
    return { applied: earlier.entries, reaches: earlier.reaches ?? survivor, leftOut: earlier.leftOut };
  }
  const vault = await reachableVault(world.vault);
  const pin = await readPin(vault, run);
  const { holder, beyond } = await findTail(vault, survivor);
  const timeline =
    pin?.timeline === undefined ? holder : [holder, ...beyond].find((each) => each?.number === pin.timeline);
  const later = beyond.filter((each) => each !== timeline && each.number <= (pin?.newestTimeline ?? 0));
  if (timeline) await proveOneHistory(world, vault, timeline, survivor);
  const target = await world.openTarget();
  try {
    await replay({ world, vault, timeline, survivor, pin, run, target, work });
  } finally {
    await target.close();
  }
  const recovery = await beginRecovery(world.store, run, survivor);
  const reaches = recovery.reaches ?? survivor;
  const leftOut = await leftOutBeyond(vault, later, reaches);
  await noteRecovery(world.store, { ...recovery, leftOut });
  return { applied: recovery.entries, reaches, leftOut };
}

/** Nothing was written yet. The new primary's history up to the survivor's entry is the survivor's own. */
async function proveOneHistory(world: TailWorld, vault: Vault, timeline: Timeline, survivor: OpTime): Promise<void> {
  const neighbours = await neighboursOf(vault, timeline, survivor);
  const fork =
    forkByTerms(survivor, neighbours) ??
    (await withMember(world, undefined, (member) =>
      forkByEntries(member, world.databases, survivor, neighbours, timeline.through),
    ));
  if (fork !== undefined) throw notOneHistory(fork);
}

interface Replay {
  readonly world: TailWorld;
  readonly vault: Vault;
  readonly timeline: Timeline | undefined;
  readonly survivor: OpTime;
  readonly pin: TailPin | undefined;
  readonly run: RequestId;
  readonly target: TailTarget;
  readonly work: TailWork;
}

async function replay(options: Replay): Promise<void> {
  const { world, vault, timeline, survivor, pin, run, target, work } = options;
  const recovery = await beginRecovery(world.store, run, survivor);
  if (!timeline || compareOplogTimes(timeline.through, survivor) <= 0) return;
  const through = openReplay({
    target,
    databases: world.databases,
    recovery,
    note: (next) => noteRecovery(world.store, next),
  });
  const tell = teller(vault.clock, work);
  const opened = openTimeline(vault, timeline);
  const transactions = new CommittedOperations();
  let newest = survivor;
  try {
    for await (const raw of entriesBetween(opened, survivor, next(timeline.through))) {
      work.signal.throwIfAborted();
      const at = opTimeOf(raw);
      if (!isOfOldHistory(pin, survivor, at)) break;
      const isFirst = compareOplogTimes(at, newest) > 0;
      await through.push(transactions.push(parseEntry(raw)));
      if (!isFirst) continue;
      newest = at;
      through.taken(newest);
      tell(through.entries);
    }
    await through.finish();
  } catch (thrown) {
    throw await stopped(thrown, through, run);
  } finally {
    opened.close();
  }
}

/** What stands before the entry that stopped it is applied, and said. */
async function stopped(thrown: unknown, through: ReturnType<typeof openReplay>, run: RequestId): Promise<unknown> {
  if (!(thrown instanceof DrError) || thrown.code !== 'NOT_REPLAYABLE') return thrown;
  await through.finish();
  const before = `${counted(through.entries, 'entry', 'entries')} before it ${through.entries === 1 ? 'is' : 'are'} put back.`;
  return new DrError('NOT_REPLAYABLE', 'permanent', `${thrown.message} ${before}`, {
    cause: thrown,
    data: { ...thrown.data, applied: through.entries },
    hint: `What follows is kept in the vault and listed as lost: /dr receipt ${run}`,
  });
}

function teller(clock: Clock, { report }: TailWork): (entries: number) => void {
  let saidAt = clock.monotonicMs();
  return (entries) => {
    if (clock.monotonicMs() - saidAt < SAID_EVERY_MS) return;
    saidAt = clock.monotonicMs();
    report(say`${formatCount(entries)} writes put back from the vault.`);
  };
}
