import type { BackupId } from '#core';

/** A backup as whoever made it remembers it. Nothing here is read back from the vault. */
export interface MadeBackup {
  readonly name: string;
  readonly year: number;
  readonly backup: BackupId;
  readonly kind: 'full' | 'incremental';
  readonly parent: MadeBackup | undefined;
  readonly endSeconds: number;
  /** Manifest, segments and key. */
  readonly keys: readonly string[];
}

export interface Piece {
  readonly timeline: string;
  readonly from: number;
  readonly through: number;
  readonly key: string;
  /** Without it nothing of its hour opens. */
  readonly opensWith: string;
}

/** What really happened, and what people rely on. */
export interface Truth {
  readonly backups: MadeBackup[];
  readonly pieces: Piece[];
  /** Held for certain: the hold was confirmed and nobody has begun to let go. */
  readonly held: Set<MadeBackup>;
  /** Restores under way, by run. */
  readonly restoring: Map<string, MadeBackup>;
  /** Said to be damaged. */
  readonly doubted: Set<MadeBackup>;
  /** Hidden by somebody in every region. */
  readonly hidden: Set<MadeBackup>;
}

export const emptyTruth = (): Truth => ({
  backups: [],
  pieces: [],
  held: new Set(),
  restoring: new Map(),
  doubted: new Set(),
  hidden: new Set(),
});

/** The backup and all it stands on. */
export function chain(backup: MadeBackup): MadeBackup[] {
  return backup.parent ? [backup, ...chain(backup.parent)] : [backup];
}
