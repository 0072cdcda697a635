import { asDrError, DrError, type Region } from '#core';
import type { ObjectStore } from '#ports';
import { isUnavailable } from './vault.ts';

/** What is said when no region has a good copy. */
export interface NowhereGood {
  readonly message: string;
  readonly hint: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A copy that is damaged or gone; another region's may be whole. */
export const isDamage = ({ code }: DrError): boolean => code === 'BACKUP_DAMAGED' || code === 'NOT_FOUND';

/**
 * The first region's answer that is good. A missing or damaged copy is reported; a silent region only remembered. Throws
 * BACKUP_DAMAGED (permanent) when every copy is missing or damaged, else the failure that tells most: a region out of
 * reach may still help, a refusal is not damage.
 */
export async function firstGood<T>(
  stores: readonly ObjectStore[],
  read: (store: ObjectStore) => Promise<T>,
  report: (region: Region, error: DrError) => void,
  nowhere: NowhereGood,
): Promise<T> {
  const failures: DrError[] = [];
  for (const store of stores) {
    try {
      return await read(store);
    } catch (thrown) {
      const error = asDrError(thrown);
      if (isDamage(error)) report(store.region, error);
      failures.push(error);
    }
  }
  const telling =
    failures.find(isUnavailable) ?? failures.find((failure) => failure.code !== 'NOT_FOUND') ?? failures[0];
  if (telling && !isDamage(telling)) throw telling;
  throw new DrError('BACKUP_DAMAGED', 'permanent', nowhere.message, {
    cause: telling,
    hint: nowhere.hint,
    data: { ...nowhere.data, problems: failures.map(({ message }) => message) },
  });
}
