import { DrError, type Region, type RequestId, systemClock } from '#core';
import {
  type FailoverSettings,
  type LossCount,
  type LostRegionWorld,
  previewUnplanned,
  type TailView,
  type UnplannedPreview,
  type UnplannedReceipt,
} from '#failover';
import type { FenceView } from '#ports';
import { memoryWorld } from './memory-world.ts';
import { EAST, WEST } from './settings.ts';

/** What the parts around a lost region are to say, and what was asked of them. */
export interface LostRegionHands {
  fence: Pick<FenceView, 'standing' | 'waitMs' | 'silentMs' | 'answering' | 'reasons'>;
  tail: TailView;
  /** Of the survivor's tail, and of what the vault gave back. */
  readonly saved: Set<RequestId>;
  readonly recovered: Set<RequestId>;
  loss: LossCount;
  /** Which regions may take writes by their lease. */
  readonly open: Set<Region>;
  readonly diverted: Set<Region>;
}

/** The company of `memoryWorld` with what the loss of a region needs; `lose` kills us-east-1. */
export function lostWorld(change: Partial<FailoverSettings> = {}) {
  const { bench: _planned, ...company } = memoryWorld(change);
  const receipts = new Map<RequestId, UnplannedReceipt>();
  const hands: LostRegionHands = {
    fence: { standing: 'proved', waitMs: 0, silentMs: 30_000, answering: [], reasons: ['nobody renewed for 30 s'] },
    tail: { reaches: undefined, reachesAt: undefined, entries: 0, refused: undefined },
    saved: new Set(),
    recovered: new Set(),
    loss: { acknowledged: 30, missing: 0, putBack: 0, spanMs: 0, complete: false },
    open: new Set([EAST]),
    diverted: new Set(),
  };
  const world: LostRegionWorld = {
    ...company.world,
    fence: {
      look: async (region) => ({ region, ...hands.fence }),
      prove: async (region) => {
        if (hands.fence.standing === 'not-provable') {
          throw new DrError('FENCE_NOT_PROVED', 'permanent', `${region} may still take writes.`);
        }
        hands.open.delete(region);
        return { by: 'lease-ended', fence: 2, silentMs: hands.fence.silentMs ?? 0 };
      },
      open: async (region) => void hands.open.add(region),
      close: async (region) => void hands.open.delete(region),
    },
    dnsSwitch: {
      divert: async (region) => void hands.diverted.add(region),
      undivert: async (region) => void hands.diverted.delete(region),
      diverted: async () => [...hands.diverted],
    },
    tail: {
      look: async () => hands.tail,
      save: async (run) => void hands.saved.add(run),
      recover: async (run, survivor) => {
        const { members } = await company.replicaSet.look();
        if (!members.some(({ state, blocked }) => state === 'primary' && blocked)) {
          throw new DrError('WRONG_STATE', 'bug', 'The tail is applied while users may write.');
        }
        hands.recovered.add(run);
        return { applied: hands.tail.entries, reaches: survivor, leftOut: 0 };
      },
    },
    losses: { count: async (_run, { putBack }) => ({ ...hands.loss, putBack }) },
    tellLoss: async (run, receipt) => {
      if (!receipts.has(run)) receipts.set(run, receipt);
    },
    // Drivers follow the health checks: the weights may be out of reach for hours.
    traffic: {
      ...company.traffic,
      view: async () => ({
        windowMs: 1_000,
        byRegion: [
          { region: EAST, acknowledged: hands.diverted.has(EAST) ? 0 : 100, failed: 0 },
          { region: WEST, acknowledged: hands.diverted.has(EAST) ? 100 : 0, failed: 0 },
        ],
      }),
    },
  };
  const lose = (): void => {
    for (const host of ['east-1', 'east-2']) company.replicaSet.setUp(host, false);
    const dead = new DrError('CLUSTER_UNAVAILABLE', 'transient', 'The cluster in us-east-1 does not answer.');
    company.clusters.at(EAST).failure = dead;
    company.dns.failWith(new DrError('DNS_UNAVAILABLE', 'transient', 'Route 53 does not answer.'));
  };
  const find = (): void => {
    for (const host of ['east-1', 'east-2']) company.replicaSet.setUp(host, true);
    company.clusters.at(EAST).failure = undefined;
    company.dns.failWith(undefined);
  };
  const preview = (): Promise<UnplannedPreview> => previewUnplanned(world, { to: WEST }, systemClock);
  return { ...company, world, hands, receipts, lose, find, preview };
}
export type LostCompany = ReturnType<typeof lostWorld>;

/** The preview of a failover that may start. */
export async function possible(company: LostCompany) {
  const found = await company.preview();
  if ('problem' in found) throw found.problem;
  return found;
}
