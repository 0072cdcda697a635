import { documentsOf } from '#core';
import { compareOplogTimes, formatOplogTime, type MemberOplog, type OplogTime, type OpTime } from '#ports';
import { type Databases, entryTime, isKept } from '#vault';
import { type Neighbours, opTimeOf } from './find-tail.ts';

/**
 * Why a survivor's newest entry can't be one of the captured history, from their terms alone; undefined when it may be. Only
 * what is in scope is captured, so that the entry itself is seldom there: it stands between its neighbours then. Pure.
 */
export function forkByTerms(survivor: OpTime, { before, after }: Neighbours): string | undefined {
  const isSame = before !== undefined && compareOplogTimes(before, survivor) === 0;
  const differs =
    (isSame && before.term !== survivor.term) ||
    (before !== undefined && before.term > survivor.term) ||
    (after !== undefined && after.term < survivor.term);
  return differs
    ? `the survivor's newest entry, ${formatOplogTime(survivor)}, is not one of the captured history`
    : undefined;
}

/**
 * Why the survivor's own history is not the captured one up to its newest entry; undefined when it is. Exact: the newest
 * captured entry that it could have must be there, in the same term, and after it nothing in scope that was not captured.
 */
export async function forkByEntries(
  member: MemberOplog,
  databases: Databases,
  survivor: OpTime,
  { before, lookedFrom }: Neighbours,
  capturedThrough: OplogTime,
): Promise<string | undefined> {
  if (before) {
    const own = await member.entryAt(before);
    if (!own) return `${member.host} lacks the captured entry ${formatOplogTime(before)}`;
    if (opTimeOf(own).term !== before.term) return `${member.host} has another entry at ${formatOplogTime(before)}`;
  }
  // past what is captured the survivor simply knows more
  const through = compareOplogTimes(survivor, capturedThrough) < 0 ? survivor : capturedThrough;
  for await (const batch of member.between(before ?? lookedFrom, through)) {
    for (const entry of documentsOf(batch)) {
      if (!isKept(entry, databases)) continue;
      return `${member.host} has an entry at ${formatOplogTime(entryTime(entry))} that the captured history has not`;
    }
  }
  return undefined;
}
