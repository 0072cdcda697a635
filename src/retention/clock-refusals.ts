import { formatDuration } from '#core';
import type { Inventory } from './inventory.ts';
import { DAY_MS } from './policy.ts';

/** How far two clocks that are right may be apart. */
export const SKEW_MS = 5 * 60_000;

/** A clock that is wrong makes everything look old. In words that say how to go on, because this stops all deleting. */
export function clockRefusals({ keys }: Pick<Inventory, 'keys'>, now: Date): string[] {
  let newest: { readonly key: string; readonly writtenAt: Date } | undefined;
  for (const stored of keys.values()) if (!newest || stored.writtenAt > newest.writtenAt) newest = stored;
  if (!newest || newest.writtenAt.getTime() <= now.getTime() + SKEW_MS) return [];
  const after = sayLong(newest.writtenAt.getTime() - now.getTime());
  return [
    `It is ${now.toISOString()} here, but a bucket wrote ${newest.key} ${after} later. Put the clock of this machine right.`,
  ];
}

/** `3 h`, `12 days`: durations that may be of any length. */
export const sayLong = (ms: number): string =>
  ms < 2 * DAY_MS ? formatDuration(ms) : `${Math.floor(ms / DAY_MS)} days`;
