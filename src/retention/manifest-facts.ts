import type { Region } from '#core';
import type { OplogTime } from '#ports';
import { type BackupPlace, openBackup, type Vault } from '#vault';

/** What keeping and deleting needs to know of a manifest. */
export interface ManifestFacts {
  readonly attempt: string;
  readonly kind: 'full' | 'incremental';
  /** What it can't be restored without; undefined for a full. */
  readonly parent: BackupPlace | undefined;
  readonly start: OplogTime;
  /** The earliest time it can be restored to. */
  readonly end: OplogTime;
  /** Keys of its segments. */
  readonly segments: readonly string[];
  /** Those that have it. */
  readonly regions: readonly Region[];
}

/**
 * The facts of an authentic manifest: an open one could be forged to make a backup look old, or needed by nothing.
 * Throws as `openBackup` does.
 */
export async function manifestFacts(vault: Vault, place: BackupPlace): Promise<ManifestFacts> {
  const open = await openBackup(vault, place);
  open.close();
  const { header, body } = open.manifest;
  return {
    attempt: header.key.slice(`${place.year}-${place.backup}-`.length),
    kind: header.kind,
    parent: header.parent ?? undefined,
    ...header.window,
    segments: body.segments.map(({ key }) => key),
    regions: header.regions,
  };
}
