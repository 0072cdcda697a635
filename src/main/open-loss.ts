import { openMemberOplog, openTailTarget } from '#adapters/mongodb';
import type { Region } from '#core';
import type { LossBooks, VaultTail } from '#failover';
import { type LossWorld, lossBooks } from '#loss';
import type { Plan } from '#plan';
import type { ControlStore, ReplicaSet, Traffic, WrittenRecords } from '#ports';
import { inThread, type Timeline } from '#record';
import { committedLeniently, isDiff, leftInVault, type TailWorld, updated, vaultTail } from '#restore';
import type { Vault } from '#vault';

export interface LossParts {
  readonly uri: string;
  readonly plan: Plan;
  readonly vault: Vault;
  readonly store: ControlStore;
  readonly timeline: Timeline;
  readonly replicaSet: Pick<ReplicaSet, 'look' | 'primary'>;
  readonly traffic: Pick<Traffic, 'acknowledged'>;
  readonly written: WrittenRecords;
  /** Where the writes are that users are told of. */
  readonly acknowledgedIn: string;
}

/** How long what was seen of a lost region is locked: as long as it may take until the region is back, in days. */
const KEPT_DAYS = 90;

/** What the vault carries a survivor on with, and the books of what is lost all the same. Nothing is asked of anybody yet. */
export function openLoss(parts: LossParts): { tail: VaultTail; losses: LossBooks; loss: LossWorld } {
  const { uri, plan, vault, store } = parts;
  const tailWorld: TailWorld = {
    vault,
    store,
    databases: { include: plan.mongodb.databases, exclude: [] },
    lock: { mode: plan.mongodb.objectLock, days: KEPT_DAYS },
    openTarget: () => openTailTarget({ uri }),
    openMember: async (host) => openMemberOplog({ uri, host: host ?? (await parts.replicaSet.primary()) }),
  };
  const loss: LossWorld = {
    vault,
    store,
    clock: vault.clock,
    traffic: parts.traffic,
    written: parts.written,
    acknowledgedIn: parts.acknowledgedIn,
    databases: tailWorld.databases,
    lock: tailWorld.lock,
    history: {
      committed: committedLeniently,
      after: (update, before) => (before || !isDiff(update) ? updated(update, before ?? update.body) : undefined),
      leftInVault: (run, survivor) => leftInVault(tailWorld, run, survivor),
    },
    hostsIn: async (region) => hostsIn(parts, region),
    openTarget: tailWorld.openTarget,
    openPrimary: () => tailWorld.openMember(undefined),
    note: async ({ id, run, text, data }) => {
      const entry = { ...inThread(run), id, kind: 'note' as const, actor: 'holdfast' as const, text, data };
      await parts.timeline.append({ ...entry, notify: [], inThread: true });
    },
  };
  return { tail: vaultTail(tailWorld), losses: lossBooks(loss), loss };
}

async function hostsIn({ replicaSet }: LossParts, region: Region): Promise<readonly string[]> {
  const { members } = await replicaSet.look();
  return members.filter((member) => member.region === region).map(({ host }) => host);
}
