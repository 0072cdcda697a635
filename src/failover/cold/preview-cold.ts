import { asDrError, type Clock, DrError, type Region, within } from '#core';
import { type FenceView, type ReplicaSetView, unfitToFound } from '#ports';
import { type Acknowledged, acknowledgedSince } from '../loss-bound.ts';
import { alreadyThere } from '../preview-failover.ts';
import { configurationFor } from '../preview-move.ts';
import type { RegionSettings } from '../settings.ts';
import { COLD_STEPS } from '../step-names.ts';
import { notReady } from '../survey.ts';
import type { ColdFacts, ColdLimits, ColdLive, VaultPoint } from './facts.ts';
import { fencesOf, noMachine, notProvableFor, refuseWhileWarm } from './refuse-cold.ts';
import { servingDatabase } from './serving-database.ts';
import { type ColdWorld, warmRegions } from './world.ts';

/** What building the service in a cold region would do and cost. With a problem it can't start. */
export type ColdPreview =
  | {
      readonly facts: ColdFacts;
      readonly limits: ColdLimits;
      readonly live: ColdLive;
      readonly point: VaultPoint;
      readonly fences: readonly FenceView[];
      /** Members that answer and can't lead. */
      readonly unfit: readonly string[];
      readonly unread: readonly string[];
      /** The bound is beyond the plan's own; people approve the greater one they see. */
      readonly overPlan: boolean;
    }
  | { readonly problem: DrError };

/** A loss beyond the plan's limit is approved with some room: figures move while people read. */
const LIMIT_STEP_MS = 60_000;

/**
 * Works out the service in a cold region, touching nothing. Throws STORE_UNAVAILABLE (transient): without the store no fence can
 * be known.
 */
export async function previewCold(
  world: ColdWorld,
  { to, approvedBackup }: { readonly to: RegionSettings; readonly approvedBackup?: string | undefined },
  clock: Clock,
): Promise<ColdPreview> {
  const { region, databaseHost: host } = to;
  if ((await servingDatabase(world.serving))?.region === region) return { problem: alreadyThere(region) };
  if (host === undefined) return { problem: noMachine(region) };
  const view = await lookAtSet(world);
  const warm = refuseWhileWarm(view, region);
  if (warm) return { problem: warm };
  const [fences, found] = await Promise.all([
    Promise.all(warmRegions(world).map((each) => world.fence.look(each))),
    surveyCold(world, clock, { to: region, host, approvedBackup }),
  ]);
  const { from, open } = fencesOf(fences);
  if (open.length > 0) return { problem: notProvableFor(open, region) };
  const { point, reasons, roomFor } = found;
  if (!point || reasons.length > 0) return { problem: notReady(region, reasons) };
  const { live, unread } = await boundOf(world, clock, { point, roomFor });
  const planned = world.settings.rpoMs;
  const overPlan = live.lossMs > planned;
  return {
    facts: {
      ...{ move: 'cold failover', from, to: region, host, steps: [...COLD_STEPS] },
      open: fences.flatMap((fence) => (fence.lease === 'open' ? [fence.region] : [])),
      weightsAfter: [{ region, weight: 100 }, ...from.map((each) => ({ region: each.region, weight: 0 }))],
      replicas: world.settings.service.replicas.active,
      configurationAfter: configurationFor(world, region),
    },
    limits: {
      lossMs: overPlan ? Math.ceil(live.lossMs / LIMIT_STEP_MS + 1) * LIMIT_STEP_MS : planned,
      durationMs: to.coldWithinMs ?? world.settings.unplanned.durationMs,
    },
    ...{ live, point, fences, unread, overPlan },
    unfit: (view?.members ?? []).flatMap(({ host: member, state }) =>
      state === 'recovering' || state === 'rollback' ? [`${member} (${state})`] : [],
    ),
  };
}

/** Undefined when nobody answers at all: what this is for. */
async function lookAtSet({ replicaSet }: ColdWorld): Promise<ReplicaSetView | undefined> {
  try {
    return await replicaSet.look();
  } catch (thrown) {
    if (thrown instanceof DrError && thrown.kind === 'transient') return undefined;
    throw thrown;
  }
}

interface Surveyed {
  readonly point: VaultPoint | undefined;
  readonly roomFor: number | undefined;
  /** Why it is not ready, as clauses. */
  readonly reasons: readonly string[];
}

async function surveyCold(
  world: ColdWorld,
  clock: Clock,
  { to, host, approvedBackup }: { to: Region; host: string; approvedBackup: string | undefined },
): Promise<Surveyed> {
  const { settings, clusters, hosts, data } = world;
  const { name, replicas } = settings.service;
  const reasons: string[] = [];
  const ask = async <T>(asked: Promise<T>, words: string, ms = settings.askWithinMs): Promise<T | undefined> => {
    try {
      const late = (): DrError => new DrError('TIMED_OUT', 'transient', 'no answer in time');
      return await within(asked, { clock, ms, late });
    } catch (thrown) {
      reasons.push(
        `${words}: ${asDrError(thrown)
          .message.replace(/ Nothing was changed\.$/, '')
          .replace(/[.]$/, '')}`,
      );
      return undefined;
    }
  };
  if (!hosts) reasons.push(`HOLDFAST_MEMBER_AGENTS names no agent for ${host}`);
  const [machine, point, roomFor] = await Promise.all([
    hosts ? ask(hosts.look(host), `the machine ${host} can not be used`) : undefined,
    // lists of every region that answers, and one that does not is waited for
    ask(data.newest(approvedBackup), 'the vault has nothing to build it from', 10 * settings.askWithinMs),
    ask(
      clusters.rehearseScale(to, replicas.active).then(() => replicas.active),
      `no room for ${replicas.active} ${name}`,
    ),
    ask(world.proveKeys(to), `keys in ${to} do not work`),
  ]);
  if (machine) reasons.push(...unfitToFound(machine, to));
  return { point, roomFor, reasons };
}

/** What may be lost at most: from the newest change in the vault to the last write that somebody was told of. */
async function boundOf(
  world: ColdWorld,
  clock: Clock,
  { point, roomFor }: { readonly point: VaultPoint; readonly roomFor: number | undefined },
): Promise<{ readonly live: ColdLive; readonly unread: readonly string[] }> {
  const reachesAt = new Date(point.reaches.seconds * 1_000);
  const unread: string[] = [];
  let acknowledged: Acknowledged | undefined;
  try {
    acknowledged = await acknowledgedSince(world.traffic, reachesAt, { clock, withinMs: world.settings.askWithinMs });
  } catch (thrown) {
    const why = asDrError(thrown).message.replace(/[.]$/, '');
    unread.push(`the records of acknowledged writes can not be read: ${why}`);
  }
  const now = clock.now();
  const last = acknowledged ? (acknowledged.last ?? reachesAt) : now;
  const { documents, bytes } = point;
  return {
    live: {
      ...{ checkedAt: now, reachesAt, documents, bytes, roomFor },
      lossMs: Math.max(0, last.getTime() - reachesAt.getTime()),
      lossWrites: acknowledged?.moments.length,
    },
    unread,
  };
}
