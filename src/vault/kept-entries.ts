import { documentOf, elementOf, elementsOf, numberOf, type RawDocument, requiredElement, stringOf } from '#core';
import { compareOplogTimes, type OplogTime } from '#ports';
import { type Databases, inScope, isOurs, TRANSACTIONS } from './scope.ts';

/** Where an entry of the oplog stands. */
export const entryTime = (entry: RawDocument): OplogTime => timeIn(entry, 'ts');

/** The election term in which it was written: the same time in another term is another history. */
export const entryTerm = (entry: RawDocument): number => numberOf(requiredElement(entry, 't'));

/** Whether an entry belongs into a backup of these databases. No-ops only say that time went by. */
export function isKept(entry: RawDocument, databases: Databases): boolean {
  if (stringOf(requiredElement(entry, 'op')) === 'n') return false;
  const namespace = stringOf(requiredElement(entry, 'ns'));
  return namespace === TRANSACTIONS || inScope(databases, namespace);
}

/** The collection that an entry swaps in from what a restore made beside; its writes until then were out of scope. */
export function swappedIn(entry: RawDocument): string | undefined {
  if (stringOf(requiredElement(entry, 'op')) !== 'c') return undefined;
  const command = documentOf(requiredElement(entry, 'o'));
  const [first] = elementsOf(command);
  const to = elementOf(command, 'to');
  if (first?.name !== 'renameCollection' || !to) return undefined;
  return isOursIn(stringOf(first)) && !isOursIn(stringOf(to)) ? stringOf(to) : undefined;
}

const isOursIn = (namespace: string): boolean => isOurs(namespace.slice(namespace.indexOf('.') + 1));

/**
 * The parts of a transaction that were written at or before `from`, for an entry that goes on with one or ends it: they
 * have an effect only now, at the commit. Oldest first. Throws what `entryAt` throws.
 */
export async function earlierParts(
  entryAt: (time: OplogTime) => Promise<RawDocument>,
  entry: RawDocument,
  from: OplogTime,
): Promise<RawDocument[]> {
  const parts: RawDocument[] = [];
  for (let part = entry; continuesTransaction(part); ) {
    const before = timeIn(documentOf(requiredElement(part, 'prevOpTime')), 'ts');
    if (before.seconds === 0 || compareOplogTimes(before, from) > 0) break;
    part = await entryAt(before);
    parts.unshift(part);
  }
  return parts;
}

/** A retryable write has a predecessor too, but stands for itself; so does a batch of them (`multiOpType`). */
function continuesTransaction(entry: RawDocument): boolean {
  if (stringOf(requiredElement(entry, 'op')) !== 'c' || !elementOf(entry, 'prevOpTime')) return false;
  if (elementOf(entry, 'multiOpType')) return false;
  const [command] = elementsOf(documentOf(requiredElement(entry, 'o')));
  return command?.name === 'applyOps' || command?.name === 'commitTransaction';
}

function timeIn(document: RawDocument, field: string): OplogTime {
  const { bytes } = requiredElement(document, field);
  return { increment: bytes.readUInt32LE(0), seconds: bytes.readUInt32LE(4) };
}
