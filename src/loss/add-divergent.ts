import { DrError, formatCount, type RawValue, type RequestId, say } from '#core';
import type { MemberOplog, TailTarget } from '#ports';
import { reachableVault } from '#vault';
import { type CountedLoss, countedOf, isComplete } from './count-loss.ts';
import { findThere } from './find-there.ts';
import { keepDivergent, keepRollbackFile } from './keep-divergent.ts';
import { keepReceipt, readMissing, readReceipt } from './keep-receipt.ts';
import { type LossWork, type LossWorld, using } from './loss-world.ts';
import { idOfDocument, idOfWrite, idText, missingOf } from './lost-write.ts';
import { MissingList } from './missing-list.ts';
import { asStream, type Divergent, readDivergent } from './read-divergent.ts';
import { keyOf, type MissingWrite, type SignedReceipt } from './receipt.ts';

/**
 * Reads a returned member that runs alone: what only it has is kept in the vault and listed in the receipt, and once every
 * member of the old side was read the receipt is complete. Idempotent for a run and a host. Throws REQUEST_UNKNOWN
 * (permanent) without a receipt, DATABASE_UNAVAILABLE, BACKUP_INCOMPLETE (transient).
 */
export async function addDivergent(
  world: LossWorld,
  run: RequestId,
  host: string,
  member: MemberOplog,
  work: LossWork,
): Promise<CountedLoss> {
  const before = await mustRead(world, run);
  if (before.read.some((each) => each.host === host)) return countedOf(before);
  const vault = await reachableVault(world.vault);
  const found = await using(world.openPrimary, (primary) => readDivergent(member, primary, before.forkedAt, world));
  const divergent = { ...found, host };
  work.report(say`${host} has ${formatCount(divergent.entries.length)} entries that nobody else has.`);
  await keepDivergent(world, vault, run, divergent, work.signal);
  const missing = new MissingList(await readMissing(vault, before));
  const lost = await using(world.openTarget, (target) => lostIn(world, target, divergent));
  for (const write of lost) missing.add(write);
  const read = [...before.read, { host, at: world.clock.now(), entries: divergent.entries.length }];
  const notes = divergent.lacks === undefined ? before.notes : [...new Set([...before.notes, divergent.lacks])];
  const { signed: _, ...draft } = before;
  const complete = isComplete(before.members, read) && divergent.lacks === undefined;
  return countedOf(await keepReceipt(world, { ...draft, read, notes, complete }, missing, work.signal));
}

/** Keeps a file that the member's own rollback left behind, as it is. Idempotent for its name. */
export async function addRollbackFile(
  world: LossWorld,
  run: RequestId,
  file: { readonly host: string; readonly name: string; readonly content: AsyncIterable<Uint8Array> },
  signal: AbortSignal,
): Promise<void> {
  await mustRead(world, run);
  await keepRollbackFile(world, await reachableVault(world.vault), run, file, signal);
}

async function mustRead(world: LossWorld, run: RequestId): Promise<SignedReceipt> {
  const found = await readReceipt(world, run);
  if (!found) {
    throw new DrError('REQUEST_UNKNOWN', 'permanent', `${run} has no loss receipt to add to.`, {
      hint: 'The loss of a failover is counted before its old members are read.',
    });
  }
  if (found.standing !== 'forged') return found.receipt;
  throw new DrError('SIGNATURE_INVALID', 'permanent', `The loss receipt of ${run} is not the one that was signed.`, {
    hint: `Look: /dr receipt ${run}`,
  });
}

/** The member's last word on each document, unless the new side has the same: put back, sent again, or gone there too. */
async function lostIn(world: LossWorld, target: TailTarget, divergent: Divergent): Promise<MissingWrite[]> {
  const writes = new MissingList();
  const ids = new Map<string, Map<string, RawValue>>();
  for await (const operation of world.history.committed(asStream(divergent.entries))) {
    const write = missingOf(operation, 'member');
    const id = idOfWrite(operation);
    if (!write || !id) continue;
    writes.follow(write);
    ids.set(write.namespace, (ids.get(write.namespace) ?? new Map()).set(write.id, id));
  }
  const same = await sameThere(target, divergent);
  const lost: MissingWrite[] = [];
  for (const [namespace, mine] of ids) {
    const there = new Set((await findThere(target, namespace, [...mine.values()])).keys());
    for (const write of writes.all()) {
      if (write.namespace !== namespace || same.has(keyOf(write))) continue;
      if (write.what === 'delete' && !there.has(write.id)) continue;
      lost.push(write);
    }
  }
  return lost;
}

async function sameThere(target: TailTarget, divergent: Divergent): Promise<Set<string>> {
  const same = new Set<string>();
  for (const { namespace, documents } of divergent.documents) {
    const there = await findThere(target, namespace, documents.map(idOfDocument));
    for (const document of documents) {
      const id = idText(idOfDocument(document));
      if (there.get(id)?.equals(document)) same.add(keyOf({ namespace, id }));
    }
  }
  return same;
}
