import { asDrError } from '#core';
import { compareOplogTimes, formatOplogTime, type OpTime } from '#ports';
import { beginningOf, reachableVault, type Timeline, type Vault } from '#vault';
import { countAfter, findTail, neighboursOf } from './find-tail.ts';
import { forkByEntries, forkByTerms } from './judge-fork.ts';
import { type TailWorld, withMember } from './tail-world.ts';

/** How far the vault can carry a survivor on. */
export interface LookedAtTail {
  readonly reaches: OpTime | undefined;
  readonly reachesAt: Date | undefined;
  readonly entries: number;
  readonly refused: string | undefined;
}

/**
 * Compares the captured history with a survivor's newest entry, in the regions that answer. With `host` the survivor itself
 * is asked whether its history is the captured one. Changes nothing and ends within seconds; a vault that can't be read is
 * an answer, not an error.
 */
export async function lookAtTail(world: TailWorld, survivor: OpTime, host?: string): Promise<LookedAtTail> {
  try {
    return await compare(world, await reachableVault(world.vault), survivor, host);
  } catch (thrown) {
    const { message } = asDrError(thrown);
    return {
      reaches: undefined,
      reachesAt: undefined,
      entries: 0,
      refused: clause(`the vault can't be read: ${message}`),
    };
  }
}

async function compare(
  world: TailWorld,
  vault: Vault,
  survivor: OpTime,
  host: string | undefined,
): Promise<LookedAtTail> {
  const { holder, beyond } = await findTail(vault, survivor);
  const all = [...(holder ? [holder] : []), ...beyond];
  const last = all.at(-1);
  if (!last) return { reaches: undefined, reachesAt: undefined, entries: 0, refused: 'nothing has been captured yet' };
  const { entries, newest } = await countAfter(vault, all, survivor);
  const reaches = newest ?? { term: survivor.term, ...last.through };
  const view = { reaches, reachesAt: new Date(reaches.seconds * 1000), entries };
  const gap = beyond[0] && (await whyBeyond(vault, survivor, beyond[0]));
  if (!holder) return { ...view, refused: gap };
  const neighbours = await neighboursOf(vault, holder, survivor);
  const fork = forkByTerms(survivor, neighbours);
  if (fork !== undefined || host === undefined) return { ...view, refused: fork ?? gap };
  const exact = await withMember(world, host, (member) =>
    forkByEntries(member, world.databases, survivor, neighbours, holder.through),
  );
  return { ...view, refused: exact ?? gap };
}

/** Something newer was captured, and nothing leads there from the survivor. */
async function whyBeyond(vault: Vault, survivor: OpTime, beyond: Timeline): Promise<string> {
  const begins = await beginningOf(vault, beyond);
  const anew = `capture began anew at ${formatOplogTime(beyond.from)}`;
  const reason =
    begins?.reason === 'swap'
      ? `${anew}, when restored data was swapped in`
      : begins?.reason === 'diverged'
        ? `${anew}, on another history`
        : `what was captured has a gap before ${formatOplogTime(beyond.from)}`;
  return compareOplogTimes(beyond.from, survivor) > 0
    ? `${reason}, and the survivor ends at ${formatOplogTime(survivor)}`
    : reason;
}

const clause = (sentence: string): string => sentence.replace(/\.$/, '');
