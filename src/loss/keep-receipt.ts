import { canonicalJson, counted, DrError, hashOf, type RequestId, say } from '#core';
import { insertNew, type Records } from '#ports';
import {
  keptFolder,
  listKept,
  reachableVault,
  readKept,
  signWithVault,
  type Vault,
  verifyWithVault,
  writeKept,
} from '#vault';
import { type LossWorld, lossLock } from './loss-world.ts';
import type { MissingList } from './missing-list.ts';
import { type LossReceipt, MissingWrite, SignedReceipt } from './receipt.ts';

const receiptsIn = ({ store }: Pick<LossWorld, 'store'>): Records<SignedReceipt> =>
  store.records('loss-receipts', SignedReceipt);

const receiptsFolder = (run: RequestId): string => keptFolder('receipts', run);
const revisionFolder = (run: RequestId, revision: number): string =>
  keptFolder('receipts', run, String(revision).padStart(4, '0'));

const signedBytes = ({ signed: _, ...receipt }: SignedReceipt): Buffer => Buffer.from(canonicalJson(receipt), 'utf8');

/** Of a receipt that is shown: whether it is the one that was signed, and the newest there is. */
export type Standing = 'genuine' | 'forged' | 'outdated' | 'unproved';

/** The receipt as the control store has it, else the vault's newest; undefined when there was no loss to count. */
export async function readReceipt(
  world: Pick<LossWorld, 'store' | 'vault'>,
  run: RequestId,
): Promise<{ readonly receipt: SignedReceipt; readonly standing: Standing } | undefined> {
  const stored = (await receiptsIn(world).get(run))?.value;
  const vault = await reachableVault(world.vault).catch(() => undefined);
  if (!vault) return stored && { receipt: stored, standing: 'unproved' };
  const newest = (await listKept(vault, receiptsFolder(run))).at(-1);
  if (!stored) {
    const kept = newest === undefined ? undefined : await contentOf(vault, newest);
    return kept && { receipt: kept, standing: await verifyWithVault(vault, signedBytes(kept), kept.signed) };
  }
  const standing = await verifyWithVault(vault, signedBytes(stored), stored.signed);
  const isOutdated = newest !== undefined && newest > revisionFolder(run, stored.revision);
  return { receipt: stored, standing: standing === 'genuine' && isOutdated ? 'outdated' : standing };
}

async function contentOf(vault: Vault, folder: string): Promise<SignedReceipt> {
  const kept = await readKept(vault, folder);
  kept?.close();
  return SignedReceipt.parse(kept?.content);
}

/** Everything that is missing, of which the receipt may list only the beginning. */
export async function readMissing(vault: Vault, receipt: LossReceipt): Promise<MissingWrite[]> {
  if (receipt.count <= receipt.missing.length) return [...receipt.missing];
  const kept = await readKept(vault, revisionFolder(receipt.id, receipt.revision));
  if (!kept) throw new DrError('NOT_FOUND', 'transient', `No region that answers has all of ${receipt.id}'s receipt.`);
  try {
    const all: MissingWrite[] = [];
    for await (const part of kept.parts()) {
      for (const line of part.toString('utf8').split('\n')) if (line) all.push(MissingWrite.parse(JSON.parse(line)));
    }
    return all;
  } finally {
    kept.close();
  }
}

/** What of a receipt its next revision is made from. */
export type Draft = Omit<
  LossReceipt,
  'format' | 'revision' | 'missing' | 'count' | 'byCollection' | 'oldest' | 'newest' | 'back' | 'countedAt'
>;

/**
 * Signs the next revision of a receipt and keeps it: in the vault, locked, then in the control store, then in the record.
 * Nothing new makes no new revision. Idempotent: after a crash between any two of these the same call finishes the work.
 * Throws BACKUP_INCOMPLETE and transient errors.
 */
export async function keepReceipt(
  world: LossWorld,
  draft: Draft,
  missing: MissingList,
  signal: AbortSignal,
): Promise<SignedReceipt> {
  const vault = await reachableVault(world.vault);
  const before = await newestOf(world, vault, draft.id);
  const next: LossReceipt = {
    ...draft,
    ...missing.summary(),
    format: 'holdfast-loss-receipt-1',
    revision: (before?.revision ?? 0) + 1,
    countedAt: world.clock.now(),
  };
  if (before && isSame(before, next)) return note(world, before);
  const signature = await signWithVault(vault, Buffer.from(canonicalJson(next), 'utf8'), {
    purpose: `receipt-${draft.id}`,
    known: before?.signed.key,
    lock: lossLock(world),
  });
  const receipt: SignedReceipt = { ...next, signed: signature };
  const folder = revisionFolder(draft.id, next.revision);
  const write = async (part: (bytes: Uint8Array) => Promise<void>): Promise<unknown> => {
    const all = missing.all();
    for (let from = 0; from < all.length; from += LINES) {
      const lines = all.slice(from, from + LINES).map((each) => `${canonicalJson(each)}\n`);
      await part(Buffer.from(lines.join(''), 'utf8'));
    }
    return JSON.parse(canonicalJson(receipt));
  };
  if (!(await writeKept(vault, { folder, lock: lossLock(world), signal, write }))) {
    // somebody wrote this revision a moment ago: what is known now comes after it
    return keepReceipt(world, draft, missing, signal);
  }
  await putIn(world, receipt);
  return note(world, receipt);
}

const LINES = 5_000;

/** The newest that is genuine; the control store gets what only the vault has, after a crash between the two. */
async function newestOf(world: LossWorld, vault: Vault, run: RequestId): Promise<SignedReceipt | undefined> {
  const newest = (await listKept(vault, receiptsFolder(run))).at(-1);
  if (newest === undefined) return undefined;
  const kept = await contentOf(vault, newest);
  await putIn(world, kept);
  return kept;
}

/** Never takes a newer one away. */
async function putIn(world: LossWorld, receipt: SignedReceipt): Promise<void> {
  const records = receiptsIn(world);
  if (await insertNew(records, receipt)) return;
  for (;;) {
    const seen = await records.get(receipt.id);
    // one with a greater number that the vault does not have is nobody's of us
    if (seen?.value.revision === receipt.revision && hashOf(seen.value) === hashOf(receipt)) return;
    if (seen && (await records.replace(seen, receipt))) return;
  }
}

async function note(world: LossWorld, receipt: SignedReceipt): Promise<SignedReceipt> {
  const { id, revision, count, back, complete } = receipt;
  const left = count - back;
  await world.note({
    id: `${id}/loss/${revision}`,
    run: id,
    text: say`Loss receipt ${revision}: ${counted(left, 'write')} missing${back > 0 ? `, ${back} back` : ''}${complete ? '' : ', more may turn up'}.`,
    data: { revision, hash: hashOf(receipt), count, back, complete },
  });
  return receipt;
}

function isSame(before: SignedReceipt, next: LossReceipt): boolean {
  const { signed: _, revision: _revision, countedAt: _at, until: _until, ...was } = before;
  const { revision: _next, countedAt: _now, until: _to, ...is } = next;
  return canonicalJson(was) === canonicalJson(is);
}
