import { formatCount, type Region, type RequestId, say } from '#core';
import type { AcknowledgedWrite, OpTime } from '#ports';
import { reachableVault } from '#vault';
import { keepReceipt, readMissing, readReceipt } from './keep-receipt.ts';
import type { LossWork, LossWorld } from './loss-world.ts';
import { missingOf, textId } from './lost-write.ts';
import { MissingList } from './missing-list.ts';
import { type SignedReceipt, spanOf } from './receipt.ts';

/** What is counted, and how much of it was foreseen. */
export interface Loss {
  readonly from: Region;
  readonly to: Region;
  /** The newest entry that both sides have. */
  readonly forkedAt: OpTime;
  readonly since: Date;
  readonly until: Date;
  readonly putBack: number;
  readonly approvedMs: number;
}

export interface CountedLoss {
  readonly acknowledged: number;
  readonly missing: number;
  readonly putBack: number;
  readonly spanMs: number;
  readonly complete: boolean;
}

const BATCH = 500;
/** A write is inserted before it is acknowledged, on a clock that may differ from the users'. */
const HISTORY_BEFORE_MS = 60_000;

/**
 * Reads back every write that users were told of, adds what the vault has and was not put back, and keeps the receipt. Counted
 * again it says the same or more: what was listed stays listed, and says when it is back. Throws SERVICE_UNAVAILABLE,
 * DATABASE_UNAVAILABLE, BACKUP_INCOMPLETE (transient), and nothing is kept then.
 */
export async function countLoss(world: LossWorld, run: RequestId, loss: Loss, work: LossWork): Promise<CountedLoss> {
  const vault = await reachableVault(world.vault);
  const before = (await readReceipt(world, run))?.receipt;
  const missing = new MissingList(before ? await readMissing(vault, before) : []);
  const notes = new Set(before?.notes ?? []);
  const acknowledged = await addUnanswered(world, missing, loss, work);
  const inVault = new MissingList();
  for await (const operation of world.history.leftInVault(run, loss.forkedAt)) {
    work.signal.throwIfAborted();
    const write = missingOf(operation, 'vault');
    if (write) inVault.follow(write);
  }
  for (const write of inVault.all()) missing.add(write);
  const members = [...new Set([...(before?.members ?? []), ...(await world.hostsIn(loss.from))])].sort();
  const back = missing.all().filter((each) => each.back?.how === 'sent-again').length;
  if (back > 0) notes.add(`${formatCount(back)} of them were sent again by those who wrote them.`);
  const receipt = await keepReceipt(
    world,
    {
      id: run,
      from: loss.from,
      to: loss.to,
      forkedAt: loss.forkedAt,
      since: before && before.since < loss.since ? before.since : loss.since,
      until: loss.until,
      acknowledged: Math.max(acknowledged, before?.acknowledged ?? 0),
      putBack: Math.max(loss.putBack, before?.putBack ?? 0),
      approvedMs: loss.approvedMs,
      members,
      read: before?.read ?? [],
      complete: isComplete(members, before?.read ?? []),
      notes: [...notes],
    },
    missing,
    work.signal,
  );
  return countedOf(receipt);
}

export const isComplete = (members: readonly string[], read: SignedReceipt['read']): boolean =>
  members.length > 0 && members.every((host) => read.some((each) => each.host === host));

export const countedOf = (receipt: SignedReceipt): CountedLoss => ({
  acknowledged: receipt.acknowledged,
  missing: receipt.count,
  putBack: receipt.putBack,
  spanMs: spanOf(receipt),
  complete: receipt.complete,
});

/** Acknowledged, and neither there as written nor ever inserted on the new side. Returns how many were looked for. */
async function addUnanswered(
  world: LossWorld,
  missing: MissingList,
  { since, until }: Loss,
  { signal, report }: LossWork,
): Promise<number> {
  let looked = 0;
  const look = async (batch: readonly AcknowledgedWrite[]): Promise<void> => {
    signal.throwIfAborted();
    await readBack(world, missing, batch, since);
    looked += batch.length;
    report(say`${formatCount(looked)} acknowledged writes read back, ${formatCount(missing.size)} missing.`);
  };
  let batch: AcknowledgedWrite[] = [];
  for await (const write of world.traffic.acknowledged(since, until)) {
    batch.push(write);
    if (batch.length < BATCH) continue;
    await look(batch);
    batch = [];
  }
  if (batch.length > 0) await look(batch);
  return looked;
}

async function readBack(
  { written, acknowledgedIn, clock }: LossWorld,
  missing: MissingList,
  batch: readonly AcknowledgedWrite[],
  since: Date,
): Promise<void> {
  const present = await written.hashes(batch.map(({ id }) => id));
  const other = batch.filter(({ id, hash }) => present.get(id) !== hash).map(({ id }) => id);
  const history = new Date(since.getTime() - HISTORY_BEFORE_MS);
  const inserted = other.length > 0 ? await written.inserted(other, history) : new Map();
  for (const { id, hash, at } of batch) {
    const place = { namespace: acknowledgedIn, id: textId(id) };
    const isKept = present.get(id) === hash || inserted.get(id) === hash;
    // listed as lost before, and there now
    if (isKept) missing.setBack(place, { how: 'sent-again', at: clock.now() });
    else missing.add({ ...place, hash, at, known: 'driver', what: 'insert' });
  }
}
