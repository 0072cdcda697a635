import { z } from 'zod';
import { hashOf, Sha256 } from '#core';
import type { ControlStore, Records } from '#ports';
import { NO_HASH } from './entry.ts';

/** The head of the record as it was once, kept where Holdfast itself cannot change it. */
export const Anchor = z.object({ sequence: z.number().int().positive(), hash: Sha256, at: z.coerce.date() });
export type Anchor = z.output<typeof Anchor>;

export type Verdict =
  | { readonly whole: true; readonly entries: number; readonly head: Sha256; readonly anchorsChecked: number }
  | { readonly whole: false; readonly sequence: number; readonly reason: string };

/** As it lies in the store, whatever somebody put into it: the hash decides, not the schema. */
const RawEntry = z.looseObject({ id: z.string(), sequence: z.unknown(), previousHash: z.unknown(), hash: z.unknown() });
type RawEntry = z.output<typeof RawEntry>;

const BATCH = 500;

/**
 * Reads the whole record and returns the first place where it is broken. The chain shows an entry that was changed,
 * removed, added or moved; only anchors show that the newest entries were cut off or the whole chain made anew.
 */
export async function verifyTimeline(store: ControlStore, anchors: readonly Anchor[] = []): Promise<Verdict> {
  const records = store.records('timeline', RawEntry);
  // What has no number, or not a number, sorts before or behind all numbers. Looked up first: the record grows while it is read.
  const ends = [...(await firstBy(records, 'ascending')), ...(await firstBy(records, 'descending'))];
  const anchored = new Map(anchors.map((anchor) => [anchor.sequence, anchor.hash]));
  let expected = 1;
  let previousHash: unknown = NO_HASH;
  for (;;) {
    const query = { where: { sequence: { atLeast: expected } }, sort: { by: 'sequence', order: 'ascending' } } as const;
    const batch = await records.find({ ...query, limit: BATCH });
    for (const { value } of batch) {
      const reason = brokenBecause(value, expected, previousHash, anchored.get(expected));
      if (reason !== undefined) return { whole: false, sequence: expected, reason };
      previousHash = value.hash;
      expected += 1;
    }
    if (batch.length < BATCH) break;
  }
  const beyond = anchors
    .filter((anchor) => anchor.sequence >= expected)
    .sort((a, b) => a.sequence - b.sequence)
    .at(-1);
  if (beyond) {
    const reason = `The vault has an anchor of entry ${beyond.sequence}, but the record ends at ${expected - 1}: its end was cut off.`;
    return { whole: false, sequence: expected, reason };
  }
  const stray = ends.find(({ sequence }) => !isNumbered(sequence, expected));
  if (stray) return { whole: false, sequence: expected, reason: `Entry ${stray.id} has no place in the order.` };
  return { whole: true, entries: expected - 1, head: Sha256.parse(previousHash), anchorsChecked: anchors.length };
}

const firstBy = async (records: Records<RawEntry>, order: 'ascending' | 'descending'): Promise<RawEntry[]> =>
  (await records.find({ sort: { by: 'sequence', order }, limit: 1 })).map(({ value }) => value);

const isNumbered = (sequence: unknown, end: number): boolean =>
  typeof sequence === 'number' && Number.isInteger(sequence) && sequence >= 1 && sequence < end;

function brokenBecause(entry: RawEntry, expected: number, previousHash: unknown, anchor: Sha256 | undefined) {
  const { hash, ...facts } = entry;
  if (entry.sequence !== expected) return `Entry ${expected} is missing; the next is ${String(entry.sequence)}.`;
  if (entry.previousHash !== previousHash) return `Entry ${expected} does not follow the entry before it.`;
  if (hash !== hashOf(facts)) return `Entry ${expected} was changed after it was recorded.`;
  if (anchor !== undefined && hash !== anchor) return `Entry ${expected} is not the one anchored in the vault.`;
  return undefined;
}
