import type { OpTime, TailTarget } from '#ports';
import { type Databases, inScope } from '#vault';
import { IGNORED_OPERATIONS } from '../fold-catalog.ts';
import { viewIn } from '../fold-views.ts';
import { collectionOf, notReplayable, type OplogEntry } from '../oplog-entry.ts';
import { CollectionsThere, type CollectionThere } from './collections-there.ts';
import { defineThere, isDefinition } from './define-there.ts';
import type { TailRecovery } from './recovery-record.ts';
import { writeChanges } from './write-changes.ts';

/** Operations held before they go to the server. */
const BATCH_OPERATIONS = 5_000;
const BATCH_BYTES = 16 * 1024 * 1024;

export interface ReplayOptions {
  readonly target: TailTarget;
  readonly databases: Databases;
  /** Where it goes on. */
  readonly recovery: TailRecovery;
  note(next: TailRecovery): Promise<void>;
}

/** A replay over live collections. */
export interface ReplayThere {
  /** The committed operations of the next entry. Throws NOT_REPLAYABLE (permanent), and takes none of them then. */
  push(operations: readonly OplogEntry[]): Promise<void>;
  /** Every operation of the entries through this one was pushed. */
  taken(entry: OpTime): void;
  /** Entries taken so far. */
  readonly entries: number;
  /** Writes what is held. */
  finish(): Promise<void>;
}

/**
 * Gathers writes and brings them to the server many at once; before a change of what there is, and after it, how far it is
 * is noted. So a replay that is taken up again never meets a write to what it had dropped already.
 */
export function openReplay({ target, databases, recovery, note }: ReplayOptions): ReplayThere {
  const there = new CollectionsThere(target, recovery.ours);
  const held = new Map<string, { at: CollectionThere; writes: OplogEntry[] }>();
  let seen = 0;
  let holding = 0;
  let bytes = 0;
  let taken = 0;
  let reaches = recovery.reaches;
  let noted = recovery.done;

  const flush = async (done: number): Promise<void> => {
    for (const { at, writes } of held.values()) await writeChanges(target, at, writes);
    held.clear();
    holding = 0;
    bytes = 0;
    if (done < noted) return;
    noted = done;
    const entries = Math.max(taken, recovery.entries);
    await note({ ...recovery, done, entries, ours: there.ours, ...(reaches ? { reaches } : {}) });
  };

  const take = async (operation: OplogEntry): Promise<void> => {
    seen += 1;
    if (seen <= recovery.done) return;
    if (isDefinition(operation)) {
      await flush(seen - 1);
      await defineThere(target, there, operation);
      await flush(seen);
      return;
    }
    const at = await there.of(operation);
    const mine = held.get(operation.uuid ?? '') ?? { at, writes: [] };
    held.set(operation.uuid ?? '', mine);
    mine.writes.push(operation);
    holding += 1;
    bytes += operation.raw.length;
    if (holding >= BATCH_OPERATIONS || bytes >= BATCH_BYTES) await flush(seen);
  };

  return {
    async push(operations) {
      // first all of them: half a transaction is worse than none of it
      const wanted = operations.filter((operation) => isWanted(operation, databases));
      for (const operation of wanted) await take(operation);
    },
    taken(entry) {
      taken += 1;
      reaches = entry;
    },
    get entries() {
      return taken;
    },
    finish: () => flush(Math.max(seen, recovery.done)),
  };
}

/** In scope, and something that changes data. Throws NOT_REPLAYABLE (permanent) for an operation nobody knows. */
function isWanted(operation: OplogEntry, databases: Databases): boolean {
  const namespace = collectionOf(operation.namespace) === 'system.views' ? viewIn(operation) : operation.namespace;
  if (!inScope(databases, namespace)) return false;
  if (IGNORED_OPERATIONS.has(operation.operation)) return false;
  if (operation.operation === 'c') return isDefinition(operation);
  if (['i', 'u', 'd'].includes(operation.operation)) return true;
  throw notReplayable(operation, `operation "${operation.operation}" is not known`);
}
