import type { Clock } from '#core';
import type { ControlStore, Leases, ObjectLock, OplogSource, OplogTime } from '#ports';
import type { Databases, TimelineBeginning, Vault } from '#vault';

/** All that capture touches. */
export interface CaptureWorld {
  readonly settings: CaptureSettings;
  readonly vault: Vault;
  readonly store: ControlStore;
  readonly leases: Leases;
  readonly clock: Clock;
  /** Unique for this process. */
  readonly holder: string;
  /** The oplog as one member has it: of a secondary where there is one, or of the primary. */
  openOplog(prefer: 'secondary' | 'primary'): Promise<OplogSource & { close(): Promise<void> }>;
  /** The earliest time to which the newest backup can be restored; undefined when there is none. */
  newestBackupEnd(): Promise<OplogTime | undefined>;
  /** Something that people should know. Must not throw. */
  onEvent(event: CaptureEvent): void;
}

export interface CaptureSettings {
  readonly databases: Databases;
  /** The collection into which the watch writes, as `database.collection`. */
  readonly canary?: string | undefined;
  /** A segment counts once so many regions have it. */
  readonly durableRegions: number;
  /** How old the first entry of a segment gets before the segment is written, in ms. */
  readonly segmentMs: number;
  readonly lock: { readonly mode: ObjectLock['mode']; readonly days: number };
}

export type CaptureEvent =
  /** This process captures now. */
  | { readonly kind: 'leading'; readonly timeline: number }
  /** Not what came before: times in between can't be restored to, and a full backup is needed to go on. */
  | { readonly kind: 'timeline-begins'; readonly timeline: number; readonly begins: TimelineBeginning }
  /** Nothing is lost while the oplog reaches back, but nothing new is durable either. */
  | { readonly kind: 'paused'; readonly why: string }
  | { readonly kind: 'resumed'; readonly afterMs: number };

/** A segment's lock, from now on. */
export const segmentLock = ({ vault, settings: { lock } }: CaptureWorld): ObjectLock => ({
  mode: lock.mode,
  until: new Date(vault.clock.now().getTime() + lock.days * 86_400_000),
});

/** Segments this large are written at once, however young they are. */
export const SEGMENT_BYTES = 8 * 1024 * 1024;

/** A quiet system shows that it is quiet: its durable time goes on at least so often, in ms. */
export const QUIET_SEGMENT_MS = 10_000;
