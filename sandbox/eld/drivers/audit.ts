import { setTimeout as sleep } from 'node:timers/promises';
import { lastingClient } from '#sandbox/servers';
import { type DriverLogDocument, hashOfDocument } from '../driver-log.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

export type AuditResult = {
  readonly checked: number;
  /** Acknowledged, and not in the database. */
  readonly missing: number;
  /** There, but with other content. */
  readonly changed: number;
  /** The first hundred of each. */
  readonly missingIds: readonly string[];
  readonly changedIds: readonly string[];
};

export type Audit = {
  /** Reads back every acknowledged write of [since, until). @throws MongoError when there is no primary */
  between(since: number, until: number): Promise<AuditResult>;
  /** What the audit that always runs has found so far. `checkedAt` is undefined before its first round. */
  running(): { readonly missing: number; readonly changed: number; readonly checkedAt: string | undefined };
  close(): Promise<void>;
};

const BETWEEN_BLOCKS_MS = 200;
/** Where the last look at a block found the same: reading everything for ever as fast as after an accident took a tenth of a core. */
const WHILE_NOTHING_CHANGES_MS = 1000;
const BETWEEN_ROUNDS_MS = 2000;

type Found = { readonly missing: string[]; readonly changed: string[] };

/**
 * Compares the drivers' ledger with the database, directly and by majority, not through the service. One audit always
 * runs slowly in the background, newest block first: what an accident takes is mostly the newest.
 */
export function startAudit(mongodbUri: string, ledger: Ledger, signal: AbortSignal): Audit {
  const client = lastingClient(mongodbUri, {
    appName: 'eld-drivers-audit',
    readConcern: { level: 'majority' },
    heartbeatFrequencyMS: 500,
    connectTimeoutMS: 1000,
    serverSelectionTimeoutMS: 2000,
    timeoutMS: 5000,
    maxPoolSize: 2,
  });
  const blocks = new Map<number, Found>();
  let checkedAt: string | undefined;

  async function compare(entries: readonly LedgerEntry[]): Promise<Found> {
    const ids = entries.map(({ id }) => id);
    const documents = await client.use((open) =>
      open
        .db('eld')
        .collection<DriverLogDocument>('driver_logs')
        .find({ _id: { $in: ids } })
        .toArray(),
    );
    const hashes = new Map(documents.map((document) => [document._id, hashOfDocument(document)]));
    return {
      missing: entries.filter(({ id }) => !hashes.has(id)).map(({ id }) => id),
      changed: entries.filter(({ id, hash }) => hashes.has(id) && hashes.get(id) !== hash).map(({ id }) => id),
    };
  }
  async function round(): Promise<void> {
    for (let index = ledger.blocks() - 1; index >= 0 && !signal.aborted; index -= 1) {
      const before = blocks.get(index);
      const found = await compare(await ledger.block(index));
      blocks.set(index, found);
      checkedAt = new Date().toISOString();
      const pauseMs = sameCounts(before, found) ? WHILE_NOTHING_CHANGES_MS : BETWEEN_BLOCKS_MS;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
  const forever = async () => {
    while (!signal.aborted) {
      await round().catch(() => undefined); // no primary: what was found before stands
      await sleep(BETWEEN_ROUNDS_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  void forever();
  const sum = (kind: keyof Found) => [...blocks.values()].reduce((total, found) => total + found[kind].length, 0);
  return {
    async between(since, until) {
      const all: Found = { missing: [], changed: [] };
      let checked = 0;
      for await (const entries of ledger.between(since, until)) {
        const found = await compare(entries);
        checked += entries.length;
        all.missing.push(...found.missing);
        all.changed.push(...found.changed);
      }
      const { missing, changed } = all;
      return {
        checked,
        missing: missing.length,
        changed: changed.length,
        missingIds: missing.slice(0, 100),
        changedIds: changed.slice(0, 100),
      };
    },
    running: () => ({ missing: sum('missing'), changed: sum('changed'), checkedAt }),
    close: () => client.close(),
  };
}

const sameCounts = (before: Found | undefined, now: Found): boolean =>
  before?.missing.length === now.missing.length && before.changed.length === now.changed.length;
