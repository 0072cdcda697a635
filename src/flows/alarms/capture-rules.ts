import type { Rule, Sighting } from '#alarms';
import { readCaptureState, readRpo } from '#capture';
import { at, formatDuration, say } from '#core';
import type { AlarmWorld } from './alarm-world.ts';

/** Nobody captures: no process holds the lease. */
export const captureLeaderless = ({ plan, store, leases }: AlarmWorld): Rule => ({
  name: 'capture-leaderless',
  about: 'who captures',
  everyMs: 5_000,
  raiseAfterMs: 0,
  overAfterMs: 15_000,
  look: async () => {
    const key = 'capture-leaderless';
    const [lease, state, now] = await Promise.all([leases.read('capture'), readCaptureState(store), store.now()]);
    // that it never began is told by the status, where it stands beside the first backup
    if (!lease || !state) return [{ key, state: 'unknown' }];
    const aloneMs = now.getTime() - lease.expiresAt.getTime();
    const limitMs = plan.mongodb.alarms.leaderlessSeconds * 1_000;
    if (aloneMs <= 0) return [{ key, state: 'good' }];
    if (aloneMs < limitMs) return [{ key, state: 'unknown' }];
    const durable = new Date(state.position.through.seconds * 1_000);
    return [
      {
        key,
        state: 'bad',
        since: lease.expiresAt,
        title: 'Nobody captures',
        cause: say`No process has captured since ${at(lease.expiresAt)}; the last was ${lease.holder}.`,
        effect: say`Times after ${at(durable)} can not be restored until one goes on. ${reach(state.oplogFrom?.seconds, now)}`,
        next: 'node src/main.ts capture',
        numbers: { aloneMs, limitMs },
        mark: 'alone',
      },
    ];
  },
});

const reach = (from: number | undefined, now: Date): string =>
  from === undefined
    ? ''
    : `It will skip nothing while the oplog reaches back: ${formatDuration(now.getTime() - from * 1_000)} now.`;

/** A region's bucket does not get what the others get. */
export const regionBehind = ({ plan, store }: AlarmWorld): Rule => ({
  name: 'region-behind',
  about: 'which regions get what is captured',
  everyMs: 5_000,
  // the first look after the watch was away judges by what it finds, not by when it was last there
  raiseAfterMs: 15_000,
  overAfterMs: 60_000,
  look: async () => {
    const [rpo, now] = await Promise.all([readRpo(store), store.now()]);
    const limitMs = plan.mongodb.alarms.regionBehindSeconds * 1_000;
    return (rpo?.regions ?? []).map(({ region, inStepAt, why }): Sighting => {
      const key = `region-behind/${region}`;
      const behindMs = now.getTime() - inStepAt.getTime();
      if (behindMs < limitMs) return { key, state: behindMs < limitMs / 2 ? 'good' : 'unknown' };
      const others = (rpo?.regions ?? []).flatMap((each) => (each.region === region ? [] : [each.region]));
      return {
        key,
        state: 'bad',
        since: inStepAt,
        title: `${region} gets no captured writes`,
        cause: say`Its bucket has had nothing new since ${at(inStepAt)}. ${why ?? 'It answers, but what the others have is not there.'}`,
        effect: [
          `What is captured is in ${others.join(', ') || 'no other region'}: one region fewer may be lost than the plan says.`,
        ],
        next: 'dr doctor',
        numbers: { behindMs, limitMs },
        mark: why ?? 'missing',
      };
    });
  },
});
