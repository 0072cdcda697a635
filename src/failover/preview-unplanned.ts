import { type Clock, DrError, type Region } from '#core';
import { type FenceView, type ReplicaSetView, UNPLANNED_NEEDS } from '#ports';
import { whatServersLack } from './abilities.ts';
import { lossBound } from './loss-bound.ts';
import type { LostRegionWorld, TailView } from './lost-region-world.ts';
import { factOf } from './member-roles.ts';
import { configurationFor, type MoveInput, unknownRegion } from './preview-move.ts';
import { refuseSet, refuseTarget } from './refuse-unplanned.ts';
import { UNPLANNED_STEPS } from './step-names.ts';
import { notReady } from './survey.ts';
import { type LossSurvey, surveyLoss } from './survey-loss.ts';
import { lostRegion, rolesAfterLoss, survivorIn } from './survivor.ts';
import type { UnplannedFacts, UnplannedLimits, UnplannedLive } from './unplanned-facts.ts';

/** What an unplanned failover would do and cost. With a problem it can't start. */
export type UnplannedPreview =
  | {
      readonly facts: UnplannedFacts;
      readonly limits: UnplannedLimits;
      readonly live: UnplannedLive;
      readonly fence: FenceView;
      readonly tail: TailView | undefined;
      readonly unread: readonly string[];
      /** The bound is beyond the plan's own limit; people approve the greater one they see. */
      readonly overPlan: boolean;
    }
  | { readonly problem: DrError };

/** From the approval on: the worker's look, the forced configuration, the tail. Measured: `npm run bench -- failover`. */
const USUAL_MS = 6_000;
/** A loss beyond the plan's limit is approved with some room: figures move while people read. */
const LIMIT_STEP_MS = 30_000;

/**
 * Works out a failover away from a region that is lost, touching nothing. It asks everybody and waits for nobody who may be lost
 * too; what could not be read is in `unread`. Throws STORE_UNAVAILABLE (transient): without the store no fence can be known.
 */
export async function previewUnplanned(
  world: LostRegionWorld,
  { to: word, approvedHost }: MoveInput,
  clock: Clock,
): Promise<UnplannedPreview> {
  const { settings } = world;
  const target = settings.regions.find(({ region }) => region === word);
  if (!target)
    return {
      problem: unknownRegion(
        word,
        settings.regions.map(({ region }) => region),
      ),
    };
  const { region: to } = target;
  const wrongTarget = refuseTarget(target);
  if (wrongTarget) return { problem: wrongTarget };
  const view = await lookAtSet(world);
  const from = view && lostRegion(view, to, settings);
  const wrongSet = refuseSet(view, to, settings);
  const survivor = view && survivorIn(view, to, approvedHost);
  if (wrongSet || !view || !from || !survivor) return { problem: wrongSet ?? refuseSurvivor(to) };
  const [found, lacking] = await Promise.all([
    surveyLoss(world, clock, { from, to, survivor }),
    whatServersLack(world.replicaSet, survivor.host, UNPLANNED_NEEDS),
  ]);
  if (lacking.length > 0) return { problem: notReady(to, lacking) };
  if (found.fence.standing === 'not-provable') return { problem: notProvable(found.fence, to) };
  const now = clock.now();
  const survivorAt = survivor.appliedAt ?? now;
  const bound = lossBound({ ...found, now, survivorAt, leaseMs: settings.leaseMs });
  const overPlan = bound.lossMs > settings.unplanned.lossMs;
  const limits = {
    ...settings.unplanned,
    ...(overPlan ? { lossMs: Math.ceil(bound.lossMs / LIMIT_STEP_MS + 1) * LIMIT_STEP_MS } : {}),
  };
  return {
    facts: factsOf(view, { from, to, survivor: survivor.host }, world),
    limits,
    live: liveOf(found, { now, survivorAt, ...bound }),
    fence: found.fence,
    tail: found.tail,
    unread: found.unread,
    overPlan,
  };
}

/** Undefined when nobody answers at all. */
async function lookAtSet({ replicaSet }: LostRegionWorld): Promise<ReplicaSetView | undefined> {
  try {
    return await replicaSet.look();
  } catch (thrown) {
    if (thrown instanceof DrError && thrown.kind === 'transient') return undefined;
    throw thrown;
  }
}

function factsOf(
  view: ReplicaSetView,
  { from, to, survivor }: { readonly from: Region; readonly to: Region; readonly survivor: string },
  world: LostRegionWorld,
): UnplannedFacts {
  return {
    move: 'unplanned failover',
    from,
    to,
    primaryAfter: survivor,
    configVersion: view.configVersion,
    membersBefore: view.members.map(factOf),
    membersAfter: rolesAfterLoss(view, survivor),
    catchUpMs: view.catchUpMs,
    steps: [...UNPLANNED_STEPS],
    weightsAfter: [
      { region: to, weight: 100 },
      { region: from, weight: 0 },
    ],
    replicas: world.settings.service.replicas.active,
    configurationAfter: configurationFor(world, to),
    ...(world.settings.service.caches.length > 0 ? { caches: world.settings.service.caches } : {}),
  };
}

function liveOf(
  { fence, tail, services, roomFor }: LossSurvey,
  bound: { now: Date; survivorAt: Date; lossMs: number; writes: number | undefined; vaultMs: number },
): UnplannedLive {
  return {
    checkedAt: bound.now,
    pauseMs: USUAL_MS + fence.waitMs,
    lossMs: bound.lossMs,
    lossWrites: bound.writes,
    vaultMs: bound.vaultMs,
    vaultEntries: tail?.refused === undefined ? (tail?.entries ?? 0) : 0,
    survivorAt: bound.survivorAt,
    servicesReady: services?.ready,
    roomFor,
  };
}

const refuseSurvivor = (to: Region): DrError =>
  new DrError('REGION_NOT_READY', 'user', `${to} has no member that could take over. Nothing was changed.`);

/** No card to approve: two primaries would be worse than none. */
function notProvable({ region, reasons, answering }: FenceView, to: Region): DrError {
  const seen = answering.map((each) => `${each.to} still reaches ${each.host}`);
  const why = [...reasons, ...seen].join('; ');
  const hosts = [...new Set(answering.map(({ host }) => host))];
  const isolate = hosts.length > 0 ? hosts.join(' and ') : `the database's machines in ${region}`;
  return new DrError(
    'FENCE_NOT_PROVED',
    'user',
    `CANNOT START - ${region} may still take writes${why ? `: ${why}` : ''}. Failing over now could leave two primaries. Nothing was changed.`,
    {
      hint: `stop or isolate ${isolate}, then ask again: /dr failover ${to} --unplanned`,
      data: { region, reasons: [...reasons], answering: [...answering] },
    },
  );
}
