import { asDrError } from '#core';
import type { Vault } from '../vault.ts';
import { decodeCapturedHeader, type TimelineBeginning } from './captured-file.ts';
import type { Timeline } from './timelines.ts';

/**
 * Why a timeline begins, as its first segment's header says: good for showing, not proved. Undefined when no region
 * shows it. Throws nothing: what is shown beside it does not depend on it.
 */
export async function beginningOf(vault: Vault, { ranges }: Timeline): Promise<TimelineBeginning | undefined> {
  const [first] = ranges;
  if (!first) return undefined;
  for (const store of vault.stores) {
    const object = await store.get(first.key).catch((error: unknown) => asDrError(error));
    if (!Buffer.isBuffer(object)) continue;
    try {
      return decodeCapturedHeader(object).begins;
    } catch {
      // damaged here: the next region's copy may say it
    }
  }
  return undefined;
}
