import { z } from 'zod';
import { documentsOf, type RequestId } from '#core';
import { compareOplogTimes, type MemberOplog, OplogTime, type OpTime } from '#ports';
import { isKept, keptFolder, reachableVault, readKept, type Vault, writeKept } from '#vault';
import { countAfter, findTail, neighboursOf } from './find-tail.ts';
import { Place } from './recovery-record.ts';
import { type TailWorld, tailLock, withMember } from './tail-world.ts';

/** A part of what is kept; well under what an object may hold. */
const PART_BYTES = 4 * 1024 * 1024;
/** Where nothing captured says from where on: so much of the survivor's end is kept, in seconds. */
const WITHOUT_CAPTURE_SECONDS = 600;

/** What the vault had for this survivor when nothing was forced upon it yet. What came later is of the new history. */
export const TailPin = z.object({
  host: z.string(),
  survivor: Place,
  /** The timeline that leads on from the survivor. */
  timeline: z.number().int().optional(),
  /** The newest timeline there was. */
  newestTimeline: z.number().int().optional(),
  reaches: Place.optional(),
  /** The newest entry that the survivor and the vault both have. */
  common: OplogTime.optional(),
  /** How many entries of the survivor are kept here. */
  entries: z.number().int(),
});
export type TailPin = z.output<typeof TailPin>;

const folderOf = (run: RequestId): string => keptFolder('tails', run);

/**
 * Keeps the survivor's own entries, from the newest that the vault has too to its end, and what the vault had just then:
 * before anything is forced upon the survivor. Idempotent for a run. Throws BACKUP_INCOMPLETE, DATABASE_UNAVAILABLE and
 * other transient errors.
 */
export async function saveTail(world: TailWorld, run: RequestId, host: string): Promise<void> {
  const vault = await reachableVault(world.vault);
  await withMember(world, host, (member) =>
    writeKept(vault, {
      folder: folderOf(run),
      lock: tailLock({ vault, lock: world.lock }),
      signal: AbortSignal.timeout(120_000),
      write: async (part) => {
        const pin = await pinOf(vault, member);
        const from = pin.common ?? { seconds: pin.survivor.seconds - WITHOUT_CAPTURE_SECONDS, increment: 0 };
        let entries = 0;
        let held: Buffer[] = [];
        const flush = async (): Promise<void> => {
          if (held.length > 0) await part(Buffer.concat(held));
          held = [];
        };
        let bytes = 0;
        const common = pin.common && (await member.entryAt(pin.common));
        if (common) held.push(common);
        for await (const batch of member.between(from, pin.survivor)) {
          for (const entry of documentsOf(batch)) {
            if (!isKept(entry, world.databases)) continue;
            entries += 1;
            held.push(Buffer.from(entry));
            bytes += entry.length;
            if (bytes < PART_BYTES) continue;
            await flush();
            bytes = 0;
          }
        }
        await flush();
        return { ...pin, entries } satisfies TailPin;
      },
    }),
  );
}

async function pinOf(vault: Vault, member: MemberOplog): Promise<Omit<TailPin, 'entries'>> {
  const survivor = await member.newest();
  const { holder, beyond } = await findTail(vault, survivor);
  const newest = beyond.at(-1) ?? holder;
  if (!newest) return { host: member.host, survivor };
  const around = holder && (await neighboursOf(vault, holder, survivor));
  return {
    host: member.host,
    survivor,
    ...(holder ? { timeline: holder.number } : {}),
    newestTimeline: newest.number,
    ...(holder ? { reaches: await reachesOf(vault, survivor, holder) } : {}),
    ...(around?.before ? { common: { seconds: around.before.seconds, increment: around.before.increment } } : {}),
  };
}

async function reachesOf(vault: Vault, survivor: OpTime, holder: Parameters<typeof countAfter>[1][number]) {
  const { newest } = await countAfter(vault, [holder], survivor);
  return newest ?? survivor;
}

/** What was kept for the run; undefined when nothing was. */
export async function readPin(vault: Vault, run: RequestId): Promise<TailPin | undefined> {
  const kept = await readKept(vault, folderOf(run));
  kept?.close();
  return kept && TailPin.parse(kept.content);
}

/** Whether an entry that the vault has now was there, or on its way, when the run pinned what it would put back. */
export const isOfOldHistory = (pin: TailPin | undefined, survivor: OpTime, entry: OpTime): boolean =>
  entry.term <= survivor.term || (pin?.reaches !== undefined && compareOplogTimes(entry, pin.reaches) <= 0);

/** The entries that were kept of the survivor, in order. */
export async function* keptTail(vault: Vault, run: RequestId): AsyncGenerator<Buffer> {
  const kept = await readKept(vault, folderOf(run));
  if (!kept) return;
  try {
    for await (const part of kept.parts()) for (const entry of documentsOf(part)) yield Buffer.from(entry);
  } finally {
    kept.close();
  }
}
