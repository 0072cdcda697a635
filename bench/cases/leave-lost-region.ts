import { type Region, RequestId, systemClock } from '#core';
import {
  type FailoverWorld,
  type LostRegionWorld,
  openLeftovers,
  previewUnplanned,
  unplannedWorkflow,
} from '#failover';
import type { ControlStore, ReplicaSet } from '#ports';
import { createRun, executeRun, openJournal, openLocks } from '#workflow';

/** A lost region whose fence is proved and whose tail is empty: what is left is the database and the run itself. */
export function lostRegionOn(move: FailoverWorld, store: ControlStore): LostRegionWorld {
  const diverted = new Set<Region>();
  return {
    ...move,
    fence: {
      look: async (region) => ({
        ...{ region, standing: 'proved', waitMs: 0, silentMs: 60_000 },
        ...{ answering: [], reasons: [] },
      }),
      prove: async () => ({ by: 'lease-ended', fence: 2, silentMs: 60_000 }),
      open: async () => undefined,
      close: async () => undefined,
    },
    dnsSwitch: {
      divert: async (from) => {
        diverted.add(from);
        const weights = await move.dns.weights();
        await move.dns.setWeights(weights.map(({ region }) => ({ region, weight: region === from ? 0 : 100 })));
      },
      undivert: async (from) => void diverted.delete(from),
      diverted: async () => [...diverted],
    },
    tail: {
      look: async () => ({ reaches: undefined, reachesAt: undefined, entries: 0, refused: undefined }),
      save: async () => undefined,
      recover: async (_run, survivor) => ({ applied: 0, reaches: survivor, leftOut: 0 }),
    },
    losses: { count: async () => ({ acknowledged: 0, missing: 0, putBack: 0, spanMs: 0, complete: false }) },
    leftovers: openLeftovers(store),
    tellLoss: async () => undefined,
  };
}

/** What a worker does after the last approval: looks once more, as the preview did, and carries the run. */
export async function leaveRegion(
  world: LostRegionWorld,
  store: ControlStore,
  { to, number }: { readonly to: Region; readonly number: number },
): Promise<void> {
  const found = await previewUnplanned(world, { to }, systemClock);
  if ('problem' in found) throw found.problem;
  const { facts, limits } = found;
  const journal = openJournal(store);
  const id = RequestId.parse(`R-${number}`);
  const input = { facts, limits, reason: 'bench' };
  await createRun(journal, { id, workflow: unplannedWorkflow, input, at: new Date() });
  const state = await executeRun(unplannedWorkflow, id, {
    ...{ journal, locks: openLocks(store), leases: world.leases, clock: systemClock, worker: 'bench', world },
    tell: async () => undefined,
    beforeStart: async () => undefined,
  });
  const failure = (await journal.get(id))?.value.failure;
  if (state !== 'done') throw new Error(`The unplanned failover ended ${state}: ${failure?.message}`);
}

/** The least that anybody must do: the forced configuration and the election. */
export async function leaveBare(replicaSet: ReplicaSet, hosts: readonly string[], survivor: string): Promise<void> {
  const alone = hosts.map((host) => ({ host, ...(host === survivor ? VOTER : FOLLOWER) }));
  await replicaSet.forceRoles(survivor, alone, 20_000);
  await replicaSet.stepUp(survivor, 10_000);
}

const VOTER = { votes: 1, priority: 1 };
const FOLLOWER = { votes: 0, priority: 0 };
