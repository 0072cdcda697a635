import type { BackupPlace, Vault } from '#vault';
import type { InUse } from './inventory.ts';
import { type ManifestFacts, manifestFacts } from './manifest-facts.ts';
import type { RetentionPolicy } from './policy.ts';

/** All that keeping and deleting touches. */
export interface RetentionWorld {
  readonly vault: Vault;
  readonly policy: RetentionPolicy;
  /** What runs work with now, or may come back to; from the journal, so that a run is seen before it opens anything. */
  inUse(): Promise<InUse[]>;
  /** See manifest-facts.ts. */
  openManifest(place: BackupPlace): Promise<ManifestFacts>;
}

/** The world on a vault. Nothing is read yet. */
export const retentionWorld = (parts: Pick<RetentionWorld, 'vault' | 'policy' | 'inUse'>): RetentionWorld => ({
  ...parts,
  openManifest: (place) => manifestFacts(parts.vault, place),
});
