import { openCanary, openOplogRoom } from '#adapters/mongodb';
import { keepRule, type Rule, tellAlarms } from '#alarms';
import { lookForCanaries, type RpoWorld, sendCanary } from '#capture';
import { type Clock, DrError, within } from '#core';
import { type AlarmWorld, alarmRules, isToldAsAlarm, readinessWorld, WATCH } from '#flows';
import { currentReadiness } from '#readiness';
import { every } from './every.ts';
import type { Holdfast } from './open-holdfast.ts';
import { sharedLead } from './shared-lead.ts';

/** A look that failed is tried again after this. */
const AGAIN_MS = 60_000;
const LOOK_MS = 1_000;
/** A look that takes longer has failed: what it would have seen is not known. */
const LOOK_WITHIN_MS = 30_000;

/**
 * Watches over what protects the system, one worker at a time: sends canaries, looks for them in the buckets, and raises,
 * changes and ends alarms. It runs with the workers, not with capture: a capture that is dead must not be the one to say
 * so. Returns how to stop.
 */
export function startWatch(holdfast: Holdfast): () => Promise<void> {
  const { flow, store, logger, plan } = holdfast;
  const { clock } = flow;
  const { lead, giveUp } = sharedLead(WATCH, holdfast);
  const loop = (ms: number, what: string, work: () => Promise<unknown>) =>
    every(ms, what, async () => ((await lead()) ? await work() : undefined), { clock, logger });
  const stops = alarmRules(alarmWorld(holdfast)).map((rule) =>
    loop(
      LOOK_MS,
      `the look for ${rule.name}`,
      paced(rule, clock, () => keepRule(store, bounded(rule, clock))),
    ),
  );
  stops.push(loop(LOOK_MS, 'the telling of alarms', () => tellAlarms(store, flow.timeline, isToldAsAlarm)));
  if (plan.mongodb.continuous.enabled) {
    const rpo = rpoWorld(holdfast);
    const canaryMs = plan.mongodb.continuous.canary.everySeconds * 1_000;
    stops.push(loop(canaryMs, 'the sending of canaries', () => sendCanary(rpo)));
    stops.push(loop(LOOK_MS, 'the look for canaries', () => lookForCanaries(rpo)));
  }
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    await giveUp();
  };
}

/** Does it at the rule's own pace, the first time at once: who has just become the one who watches waits for nothing. */
function paced({ everyMs }: Rule, clock: Clock, keep: () => Promise<void>): () => Promise<void> {
  let nextMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = clock.monotonicMs();
    if (nowMs < nextMs) return;
    nextMs = nowMs + Math.min(everyMs, AGAIN_MS);
    await keep();
    nextMs = nowMs + everyMs;
  };
}

/** The same rule, its look given up when it takes too long. */
const bounded = (rule: Rule, clock: Clock): Rule => ({
  ...rule,
  look: () =>
    within(rule.look(), {
      clock,
      ms: LOOK_WITHIN_MS,
      late: () => new DrError('TIMED_OUT', 'transient', `No answer in ${LOOK_WITHIN_MS / 1_000} s.`),
    }),
});

const alarmWorld = ({ config, plan, store, leases, flow }: Holdfast): AlarmWorld => ({
  plan,
  store,
  leases,
  journal: flow.journal,
  vault: flow.world.backup.vault,
  readiness: () => currentReadiness(readinessWorld(flow.world)),
  oplogRoom: openOplogRoom({ uri: config.mongodbUri.reveal() }),
});

function rpoWorld({ config, plan, store, flow, closers }: Holdfast): RpoWorld {
  const { vault } = flow.world.backup;
  const { canary, durableRegions } = plan.mongodb.continuous;
  return {
    store,
    vault,
    canary: closers.keep(openCanary({ uri: config.mongodbUri.reveal(), database: canary.database })),
    durableRegions: Math.min(durableRegions, vault.stores.length),
  };
}
