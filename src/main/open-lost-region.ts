import type { Clock } from '#core';
import type { FailoverWorld, LostRegionWorld } from '#failover';
import { missingPart } from '#flows';
import type { Roster } from '#oncall';
import type { Plan } from '#plan';
import type { ControlStore } from '#ports';
import type { Timeline } from '#record';
import { lossText } from './stakeholder-text.ts';
import { tellStakeholders } from './tell-stakeholders.ts';

/** What the loss of a region needs besides what every move does; each part is there or is not. */
export type LostRegionParts = Partial<Pick<LostRegionWorld, 'dnsSwitch' | 'tail' | 'losses' | 'caches'>>;

export interface LostRegionSurroundings {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly roster: Roster;
  readonly timeline: Timeline;
  readonly clock: Clock;
}

/** As `HoldfastWorld.lostRegion`: whole, or a refusal that names what is missing. */
export function openLostRegion(
  move: FailoverWorld,
  { dnsSwitch, tail, losses, caches }: LostRegionParts,
  around: LostRegionSurroundings,
): () => LostRegionWorld {
  const { plan } = around;
  return () => {
    if (!dnsSwitch || !tail || !losses) {
      throw missingPart([
        ...(dnsSwitch ? [] : ['switch for DNS']),
        ...(tail ? [] : ['tail in the vault']),
        ...(losses ? [] : ['books of the loss']),
      ]);
    }
    return {
      ...move,
      ...{ dnsSwitch, tail, losses, caches },
      tellLoss: (run, receipt) => tellStakeholders(run, lossText(receipt, plan), around),
    };
  };
}
