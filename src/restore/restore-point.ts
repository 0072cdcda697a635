import { z } from 'zod';
import { BackupId, DrError, documentsOf, type RawDocument } from '#core';
import { compareOplogTimes, OplogTime } from '#ports';
import {
  type BackupChain,
  type Damage,
  entriesBetween,
  listTimelines,
  type OpenBackup,
  type OpenTimeline,
  type OplogSegment,
  openBackup,
  openChain,
  openTimeline,
  type Vault,
} from '#vault';
import { committedOperations } from './committed-operations.ts';
import { CatalogFold, type FoldedCatalog } from './fold-catalog.ts';
import type { OplogEntry } from './oplog-entry.ts';
import { openWriteSpool, type WriteSpool } from './write-spool.ts';

/** Past a backup's own moment: what was captured since, on its timeline. */
export const CapturedUntil = z.object({
  timeline: z.number().int().positive(),
  /** Entries before this one count: to a second T means before (T + 1, 0). */
  before: OplogTime,
  /** A captured entry before it that the oplog has, for whoever wants to know what came after. */
  reached: OplogTime,
});
export type CapturedUntil = z.output<typeof CapturedUntil>;

/** A moment that can be restored: a backup's own, or one after it. */
export const RestorePoint = z.object({ backupId: BackupId, until: CapturedUntil.optional() });
export type RestorePoint = z.output<typeof RestorePoint>;

/** The moment alone, of something that has more. */
export const pointOf = ({ backupId, until }: RestorePoint): RestorePoint => ({ backupId, ...(until ? { until } : {}) });

/** Up to where restored data goes. */
export interface RestoredTo {
  /** It has everything before this one. */
  readonly before: OplogTime;
  /** An entry before it at which the oplog can be entered. */
  readonly reached: OplogTime;
}

/** Up to where the data of a moment goes; `windowEnd` is its backup's. */
export const restoredTo = ({ until }: RestorePoint, windowEnd: OplogTime): RestoredTo =>
  until ?? { before: { ...windowEnd, increment: windowEnd.increment + 1 }, reached: windowEnd };

/** A moment whose data can be read: what the backup has, the catalog as it was then, and the writes until then. */
export interface OpenPoint {
  readonly backup: OpenBackup;
  /** The backup and what it stands on. */
  readonly chain: BackupChain;
  readonly catalog: FoldedCatalog;
  /** The writes to one collection, in order. */
  writesTo(uuid: string): AsyncIterable<OplogEntry>;
  /** Forgets keys and everything that was put aside on disk. */
  close(): Promise<void>;
}

/**
 * Opens a moment: reads the oplog from the backup's beginning to it once, and keeps the writes by collection (in memory, or
 * encrypted on disk once they are many). Throws BACKUP_DAMAGED, NOT_REPLAYABLE, KEY_REFUSED (permanent), DISK_FULL
 * (transient), or a transient error of the buckets.
 */
export async function openPoint(
  vault: Vault,
  point: RestorePoint,
  onDamage: (damage: Damage) => void = () => undefined,
): Promise<OpenPoint> {
  const history = await openHistory(vault, point, onDamage);
  const spool = openWriteSpool(vault.random);
  try {
    const fold = new CatalogFold(history.chain[0].manifest.body);
    for await (const operation of committedOperations(history.entries())) {
      fold.push(operation);
      await spool.add(operation);
    }
    return openedPoint(history, fold.finish(), spool);
  } catch (error) {
    await spool.close();
    history.close();
    throw error;
  }
}

const openedPoint = (history: PointHistory, catalog: FoldedCatalog, spool: WriteSpool): OpenPoint => ({
  backup: history.chain[0],
  chain: history.chain,
  catalog,
  writesTo: (uuid) => spool.writesTo(uuid),
  close: async () => {
    history.close();
    await spool.close();
  },
});

/** What leads to a moment: a backup with all it stands on, and the entries after it. */
export interface PointHistory {
  readonly chain: BackupChain;
  /** The backup's own entries, then those that were captured after it. Throws as `openPoint`. */
  entries(): AsyncIterable<RawDocument>;
  /** Forgets the keys. */
  close(): void;
}

/** Opens what leads to a moment, without reading an entry of it. Throws as `openPoint`. */
export async function openHistory(
  vault: Vault,
  { backupId, until }: RestorePoint,
  onDamage: (damage: Damage) => void = () => undefined,
): Promise<PointHistory> {
  const backup = await openBackup(vault, backupId, onDamage);
  const chain = await openChain(vault, backup, onDamage).catch((error: unknown) => closing([backup], error));
  const end = backup.manifest.header.window.end;
  const timeline =
    until && (await timelineOf(vault, until, end, onDamage).catch((error: unknown) => closing(chain, error)));
  return {
    chain,
    entries: () => entriesOf(backup, timeline, until),
    close: () => {
      timeline?.close();
      for (const each of chain) each.close();
    },
  };
}

function closing(backups: readonly OpenBackup[], error: unknown): never {
  for (const backup of backups) backup.close();
  throw error;
}

async function timelineOf(
  vault: Vault,
  { timeline, before }: CapturedUntil,
  end: OplogTime,
  onDamage: (damage: Damage) => void,
): Promise<OpenTimeline> {
  const { timelines, unreachable } = await listTimelines(vault);
  // of a timeline that lost something the part that goes on from the backup
  const parts = timelines.filter(({ number }) => number === timeline);
  const found = parts.findLast(({ from }) => compareOplogTimes(from, end) <= 0) ?? parts[0];
  if (found) return openTimeline(vault, found, onDamage);
  const [silent] = unreachable;
  if (silent) throw silent.problem;
  throw new DrError('BACKUP_DAMAGED', 'permanent', `Nothing is left of what was captured before ${before.seconds}.`, {
    hint: 'Show what can be restored: /dr backups --window',
  });
}

async function* entriesOf(
  backup: OpenBackup,
  timeline: OpenTimeline | undefined,
  until: CapturedUntil | undefined,
): AsyncGenerator<RawDocument> {
  const { body, header } = backup.manifest;
  for (const segment of body.segments.filter((each): each is OplogSegment => each.kind === 'oplog')) {
    yield* documentsOf(await backup.readSegment(segment));
  }
  if (timeline && until) yield* entriesBetween(timeline, header.window.end, until.before);
}
