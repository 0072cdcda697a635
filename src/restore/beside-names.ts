import type { RequestId } from '#core';
import { BUCKETS, OURS } from '#vault';

/**
 * Names of a restore's collections, all in the database they belong to, because only a rename within a database
 * moves no data. Loading is finished by renaming: under the beside name is only what is whole.
 */
const runPart = (run: RequestId): string => run.replace('-', '');

export const besideName = (run: RequestId, name: string): string => `${OURS}${runPart(run)}_${name}`;
export const loadingName = (run: RequestId, name: string): string => `${OURS}load_${runPart(run)}_${name}`;
/** The live collection, put aside by the swap. */
export const oldName = (run: RequestId, name: string): string => `${OURS}old_${runPart(run)}_${name}`;

/** The server's limit for `database.collection`, in bytes. */
const MAX_NAMESPACE_BYTES = 255;

/** Whether the longest of the names above still fits, also if it is of a time-series collection. */
export const namesFit = (run: RequestId, database: string, name: string): boolean =>
  Buffer.byteLength(`${database}.${BUCKETS}${loadingName(run, name)}`) <= MAX_NAMESPACE_BYTES;
