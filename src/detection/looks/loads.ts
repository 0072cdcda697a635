import { formatBytes, formatCount, formatDuration } from '#core';
import type { DiskRoom, Look, MemberLoad } from '#ports';
import { failed, unseen, well } from './answers.ts';
import { percentOf } from './percent-of.ts';

type Loads = () => Promise<readonly MemberLoad[]>;

/** The fullest connection table among the members. */
export const connectionsLook =
  (loads: Loads, limitPercent: number): Look =>
  async () => {
    const full = (await loads()).map(({ member, connections: { current, available } }) => {
      return { member, current, percent: percentOf(current, current + available) };
    });
    const worst = full.sort((a, b) => b.percent - a.percent)[0];
    if (!worst) return unseen('no member answers');
    const words = `${worst.member} has ${formatCount(worst.current)} connections, ${worst.percent} % of what it takes, limit ${limitPercent} %`;
    const numbers = { percent: worst.percent, current: worst.current };
    return worst.percent < limitPercent
      ? well(words, numbers)
      : failed('database runs out of connections', words, { numbers });
  };

/** The fullest cache among the members. */
export const cacheLook =
  (loads: Loads, limitPercent: number): Look =>
  async () => {
    const full = (await loads()).flatMap(({ member, cache }) =>
      cache ? [{ member, used: cache.used, percent: percentOf(cache.used, cache.most) }] : [],
    );
    const worst = full.sort((a, b) => b.percent - a.percent)[0];
    if (!worst) return unseen('no member says how full its cache is');
    const words = `${worst.member} has ${formatBytes(worst.used)} in its cache, ${worst.percent} %, limit ${limitPercent} %`;
    const numbers = { percent: worst.percent };
    return worst.percent < limitPercent
      ? well(words, numbers)
      : failed('database runs out of memory', words, { numbers });
  };

/** The fullest disk among the members. */
export const disksLook =
  (room: () => Promise<readonly DiskRoom[]>, limitPercent: number): Look =>
  async () => {
    const worst = (await room())
      .map((each) => ({ ...each, percent: percentOf(each.freeBytes, each.totalBytes) }))
      .sort((a, b) => a.percent - b.percent)[0];
    if (!worst) return unseen('no member may say how full its disk is');
    const words = `${worst.member} has ${formatBytes(worst.freeBytes)} of ${formatBytes(worst.totalBytes)} free, ${worst.percent} %, limit ${limitPercent} %`;
    const numbers = { percent: worst.percent, freeBytes: worst.freeBytes };
    if (worst.percent > limitPercent) return well(words, numbers);
    return failed('database runs out of disk', words, {
      effect: ['A member without room ends itself.'],
      numbers,
    });
  };

/**
 * Failed logins since the look before, at any member. A rate needs two looks: the first sees nothing, and so does the one
 * after a member's restart.
 */
export function loginsLook(loads: Loads, limitPerMinute: number, nowMs: () => number): Look {
  let before: { readonly atMs: number; readonly failed: ReadonlyMap<string, number> } | undefined;
  return async () => {
    const counted = (await loads()).flatMap(({ member, logins }) => (logins ? [[member, logins.failed] as const] : []));
    const last = before;
    before = { atMs: nowMs(), failed: new Map(counted) };
    if (counted.length === 0) return unseen('no member says how many logins failed');
    if (!last) return unseen('the first look has nothing to compare with');
    const passedMs = Math.max(1, before.atMs - last.atMs);
    const rates = counted.flatMap(([member, failures]) => {
      const earlier = last.failed.get(member);
      if (earlier === undefined || failures < earlier) return [];
      return [{ member, failures: failures - earlier, perMinute: ((failures - earlier) * 60_000) / passedMs }];
    });
    const worst = rates.sort((a, b) => b.perMinute - a.perMinute)[0];
    if (!worst) return unseen('every member restarted since');
    const words = `${formatCount(worst.failures)} logins failed at ${worst.member} in ${formatDuration(passedMs)}, limit ${limitPerMinute} a minute`;
    const numbers = { failures: worst.failures, perMinute: Math.round(worst.perMinute) };
    if (worst.perMinute < limitPerMinute) return well(words, numbers);
    return failed('database refuses many logins', words, {
      hostile: true,
      effect: ['Somebody tries passwords, or a service has an old one.'],
      numbers,
    });
  };
}
