import type { Rule, Sighting } from '#alarms';
import { readCaptureState, readRpo, rpoNow } from '#capture';
import { at, formatDuration, say, type Text } from '#core';
import type { AlarmWorld } from './alarm-world.ts';

/** Below so much of the target it is well again. */
const WELL_SHARE = 0.8;

/** More would be lost now than the plan allows. */
export const rpoHigh = ({ plan, store }: AlarmWorld): Rule => ({
  name: 'rpo-high',
  about: 'what would be lost now',
  everyMs: 5_000,
  // what was measured right after the watch was away is the watch's own absence
  raiseAfterMs: 15_000,
  overAfterMs: 60_000,
  look: async () => {
    const key = 'rpo-high';
    const [rpo, state, now] = await Promise.all([readRpo(store), readCaptureState(store), store.now()]);
    const measured = rpo && rpoNow(rpo, now);
    if (!measured?.measured) return [{ key, state: 'unknown' }];
    const targetMs = plan.objectives.rpoMinutes * 60_000;
    if (measured.ms < targetMs * WELL_SHARE) return [{ key, state: 'good' }];
    if (measured.ms <= targetMs) return [{ key, state: 'unknown' }];
    return [
      {
        key,
        state: 'bad',
        since: new Date(now.getTime() - measured.ms + targetMs),
        title: 'More would be lost than the plan allows',
        cause: say`The oldest write that is not durable is ${formatDuration(measured.ms)} old, the target is ${plan.objectives.rpoMinutes} min. ${whyCapture(state?.trouble)}`,
        effect: lossText(plan.system.name),
        next: '/dr backups --window',
        numbers: { rpoMs: measured.ms, targetMs },
        mark: 'above',
      },
    ];
  },
});

/** Nothing new becomes durable, or what says so stands still itself: a number that does not move is no good news. */
export const rpoFrozen = ({ plan, store }: AlarmWorld): Rule => ({
  name: 'rpo-frozen',
  about: 'whether writes become durable',
  everyMs: 5_000,
  raiseAfterMs: 15_000,
  overAfterMs: 20_000,
  look: async () => {
    const key = 'rpo-frozen';
    const [rpo, state, now] = await Promise.all([readRpo(store), readCaptureState(store), store.now()]);
    if (!rpo) return [{ key, state: 'unknown' }];
    const frozenMs = plan.mongodb.alarms.frozenSeconds * 1_000;
    const olderThan = (time: Date): boolean => now.getTime() - time.getTime() > frozenMs;
    const [oldest] = rpo.pending;
    if (oldest && olderThan(oldest.at)) {
      return [
        bad({
          since: oldest.at,
          title: 'Nothing new is durable',
          cause: say`What was written at ${at(oldest.at)} is not in ${plan.mongodb.continuous.durableRegions} regions yet. ${whyCapture(state?.trouble)}`,
          effect: lossText(plan.system.name),
          mark: state?.trouble ?? 'stands',
        }),
      ];
    }
    const newest = rpo.pending.at(-1) ?? rpo.durable;
    const quietSince = newest?.at ?? rpo.failure?.since;
    if (!quietSince || !olderThan(quietSince)) return [{ key, state: 'good' }];
    return [
      bad({
        since: quietSince,
        title: 'What would be lost is not measured',
        cause: say`No canary could be written since ${at(quietSince)}: ${rpo.failure?.why ?? 'nobody sent one'}`,
        effect: ['Whether writes become durable is not known while this lasts.'],
        mark: rpo.failure?.why ?? 'not sent',
      }),
    ];

    function bad(words: { since: Date; title: string; cause: Text; effect: Text; mark: string }): Sighting {
      const numbers = { standsMs: now.getTime() - words.since.getTime(), limitMs: frozenMs };
      return { key, state: 'bad', next: '/dr status', numbers, ...words };
    }
  },
});

const whyCapture = (trouble: string | undefined): string => (trouble ? `Capture says: ${trouble}` : '');

const lossText = (system: string): Text => [
  `If ${system}'s database were lost now, what was written since then would be lost with it. The oplog keeps it meanwhile: nothing is lost yet.`,
];
