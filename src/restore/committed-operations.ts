import { documentOf, elementOf, elementsOf, numberOf, type RawDocument, requiredElement } from '#core';
import { compareOplogTimes, type OplogTime } from '#ports';
import { commandName, notReplayable, type OplogEntry, parseEntry, parseOperation } from './oplog-entry.ts';

interface OpenTransaction {
  readonly operations: OplogEntry[];
  /** When its newest part was written. */
  last: OplogTime | undefined;
}

/**
 * Unwraps transactions: operations come out in the order in which they took effect, those of a transaction when it
 * commits, however many entries it was written in, and never when it aborts. Retryable and vectored writes carry a
 * session too but stand for themselves.
 */
export class CommittedOperations {
  /** Operations of transactions that have not committed, by session and transaction number. */
  readonly #open = new Map<string, OpenTransaction>();
  readonly #lenient: boolean;

  /** `lenient`: for counting, a transaction whose beginning is missing counts from where it is known. */
  constructor(options: { readonly lenient: boolean } = { lenient: false }) {
    this.#lenient = options.lenient;
  }

  /** The operations that this entry makes effective. Throws NOT_REPLAYABLE (permanent). */
  push(entry: OplogEntry): OplogEntry[] {
    if (entry.operation !== 'c') return [entry];
    switch (commandName(entry)) {
      case 'applyOps':
        return this.#applyOps(entry);
      case 'commitTransaction':
        return this.#commit(entry);
      case 'abortTransaction':
        this.#open.delete(transactionOf(entry));
        return [];
      default:
        return [entry];
    }
  }

  #applyOps(entry: OplogEntry): OplogEntry[] {
    const operations = operationsIn(entry);
    const transaction = transactionOf(entry);
    if (transaction === '' || elementOf(entry.raw, 'multiOpType')) return operations;
    const chain = this.#chain(entry, transaction);
    // a part may come twice: whoever captured it completed the transaction from the oplog when it began to read
    if (chain.last && compareOplogTimes(entry.at, chain.last) <= 0) return [];
    chain.operations.push(...operations);
    chain.last = entry.at;
    if (isSet(entry, 'partialTxn') || isSet(entry, 'prepare')) {
      this.#open.set(transaction, chain);
      return [];
    }
    this.#open.delete(transaction);
    return chain.operations.map((operation) => ({ ...operation, at: entry.at }));
  }

  #chain(entry: OplogEntry, transaction: string): OpenTransaction {
    const chain = this.#open.get(transaction);
    if (chain) return chain;
    const before = elementOf(entry.raw, 'prevOpTime');
    const isFirst = !before || requiredElement(documentOf(before), 'ts').bytes.equals(Buffer.alloc(8));
    if (!isFirst && !this.#lenient) throw notReplayable(entry, 'the first part of a transaction is missing');
    return { operations: [], last: undefined };
  }

  #commit(entry: OplogEntry): OplogEntry[] {
    const transaction = transactionOf(entry);
    const operations = this.#open.get(transaction)?.operations ?? (this.#lenient ? [] : undefined);
    if (!operations) throw notReplayable(entry, 'a transaction commits that was never prepared');
    this.#open.delete(transaction);
    return operations.map((operation) => ({ ...operation, at: entry.at }));
  }
}

/** All committed operations of some entries, in order. A transaction that is open at the end has no effect. */
export async function* committedOperations(entries: AsyncIterable<RawDocument>): AsyncGenerator<OplogEntry> {
  const transactions = new CommittedOperations();
  for await (const raw of entries) yield* transactions.push(parseEntry(raw));
}

/** The same for counting: of a transaction whose beginning is missing what is known. */
export async function* committedLeniently(entries: AsyncIterable<RawDocument>): AsyncGenerator<OplogEntry> {
  const transactions = new CommittedOperations({ lenient: true });
  for await (const raw of entries) yield* transactions.push(parseEntry(raw));
}

function operationsIn(entry: OplogEntry): OplogEntry[] {
  const list = documentOf(requiredElement(entry.body, 'applyOps'));
  return [...elementsOf(list)].map((element) => parseOperation(documentOf(element), entry.at));
}

function transactionOf(entry: OplogEntry): string {
  const session = elementOf(entry.raw, 'lsid');
  const number = elementOf(entry.raw, 'txnNumber');
  return session && number ? `${session.bytes.toString('base64')}/${number.bytes.toString('hex')}` : '';
}

function isSet(entry: OplogEntry, field: string): boolean {
  const value = elementOf(entry.body, field);
  return value !== undefined && numberOf(value) !== 0;
}
