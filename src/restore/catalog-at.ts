import { asDrError, type ErrorCode } from '#core';
import type { Vault } from '#vault';
import type { CatalogEntry } from './catalog-entry.ts';
import { committedOperations } from './committed-operations.ts';
import { sizeIn } from './documents-in.ts';
import { CatalogFold, type FoldedCatalog } from './fold-catalog.ts';
import { openHistory, type PointHistory, type RestorePoint } from './restore-point.ts';

/** What there was at a moment, for a choice from it, without its documents. */
export interface CatalogAt {
  readonly catalog: FoldedCatalog;
  /**
   * `moment`: folded up to it. `backup`: as when the backup began, because this process may not read what was written
   * since, or it lies in cold storage; a restore itself reads it, and settles then what there was.
   */
  readonly asOf: 'moment' | 'backup';
  /** About how much of a collection there is, by the manifests. */
  sizeOf(entry: CatalogEntry): { readonly documents: number; readonly bytes: number };
}

const UNREAD: readonly ErrorCode[] = ['OBJECT_STORE_REFUSED', 'OBJECT_ARCHIVED'];

/**
 * The names at a moment: reads the oplog up to it, and nothing else. Throws as `openPoint`, but keeps nothing on disk.
 */
export async function catalogAt(vault: Vault, point: RestorePoint): Promise<CatalogAt> {
  const history = await openHistory(vault, point);
  try {
    const { chain } = history;
    const sizeOf: CatalogAt['sizeOf'] = ({ uuid }) => sizeIn(chain, uuid);
    try {
      return { catalog: await folded(history), asOf: 'moment', sizeOf };
    } catch (thrown) {
      if (!UNREAD.includes(asDrError(thrown).code)) throw thrown;
      return { catalog: new CatalogFold(chain[0].manifest.body).finish(), asOf: 'backup', sizeOf };
    }
  } finally {
    history.close();
  }
}

async function folded({ chain, entries }: PointHistory): Promise<FoldedCatalog> {
  const fold = new CatalogFold(chain[0].manifest.body);
  for await (const operation of committedOperations(entries())) fold.push(operation);
  return fold.finish();
}
