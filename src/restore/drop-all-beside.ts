import type { RequestId } from '#core';
import type { RestoreTarget } from '#ports';
import { BUCKETS } from '#vault';
import { besideName, loadingName } from './beside-names.ts';

/** Drops everything that a restore put beside the live data, finished or half. Idempotent; never touches live data. */
export async function dropAllBeside(
  target: RestoreTarget,
  run: RequestId,
  databases: readonly string[],
): Promise<void> {
  const names = [besideName(run, ''), loadingName(run, '')];
  // buckets that have no view yet
  const prefixes = [...names, ...names.map((name) => `${BUCKETS}${name}`)];
  for (const database of databases) {
    for (const { name } of await target.collections(database)) {
      if (prefixes.some((prefix) => name.startsWith(prefix))) await target.drop({ database, name });
    }
  }
}
