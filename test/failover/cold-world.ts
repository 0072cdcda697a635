import { memoryClusters, memoryDnsSwitch, memoryMemberHosts } from '#adapters/memory';
import { BackupId, DrError, type Region, type RequestId, systemClock } from '#core';
import {
  type ColdPreview,
  type ColdReceipt,
  type ColdWorld,
  coldWorkflow,
  openLeftovers,
  openServingDatabases,
  previewCold,
  type RegionSettings,
  type VaultPoint,
} from '#failover';
import type { FenceView, Member, ReplicaSetView } from '#ports';
import { createRun, executeRun, type Journal, openJournal, openLocks, type RunEvent } from '#workflow';
import { memoryWorld } from './memory-world.ts';
import { EAST, EU, testSettings, WEST } from './settings.ts';

export const HOST = 'eu-1:27017';
export const BACKUP = BackupId.parse('B-1123-0800');

/** A company of which us-east-1 and us-west-2 are lost, and what is left of it in eu-west-1. */
export function coldWorld(change: { readonly databaseHost?: string | undefined } = { databaseHost: HOST }) {
  const { bench: _planned, ...company } = memoryWorld();
  const cold: RegionSettings = {
    ...{ region: EU, role: 'cold-standby', coldWithinMs: 14_400_000 },
    ...(change.databaseHost === undefined ? {} : { databaseHost: change.databaseHost }),
  };
  const settings = testSettings({
    trafficMovedWithinMs: 300,
    regions: testSettings().regions.map((each) => (each.region === EU ? cold : each)),
  });
  const receipts = new Map<RequestId, ColdReceipt>();
  const hands = {
    fences: new Map<Region, Partial<FenceView>>(),
    open: new Set<Region>([EAST]),
    everOpen: new Set<Region>([EAST]),
    /** Loaded and named under the run's word. */
    loaded: new Set<RequestId>(),
    named: new Set<RequestId>(),
    equal: true,
    blocked: false,
    wrote: 0,
    vault: undefined as DrError | undefined,
    loss: { acknowledged: 30, missing: 2, putBack: 0, spanMs: 1_500, complete: false },
  };
  const hosts = memoryMemberHosts([{ host: HOST, region: EU, empty: true }], (_host, what) => {
    if (what === 'wiped') hands.loaded.clear();
    if (what !== 'up') return;
    hands.blocked = false;
  });
  const dnsSwitch = memoryDnsSwitch([EAST, WEST]);
  const clusters = memoryClusters(
    new Map([
      [EAST, { wanted: 3, room: 5, configuration: {} }],
      [WEST, { wanted: 2, room: 5, configuration: {} }],
      [EU, { wanted: 0, room: 5, configuration: {} }],
    ]),
  );
  for (const region of [EAST, WEST]) clusters.at(region).failure = dead('The cluster');
  const point: VaultPoint = {
    ...{ backupId: BACKUP, reaches: { seconds: Math.floor(Date.now() / 1_000) - 5, increment: 1 } },
    ...{ documents: 100, bytes: 10_000 },
  };
  const founded = (): Member => ({
    ...{ host: HOST, region: EU, votes: 1, priority: 1, state: 'primary' },
    ...{
      writable: !hands.blocked,
      blocked: hands.blocked,
      applied: undefined,
      appliedAt: undefined,
      seesPrimary: HOST,
    },
  });
  const runs = async (): Promise<void> => {
    const { state } = await hosts.look(HOST);
    if (state !== 'running') throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${HOST} does not answer.`);
  };
  const closedToUsers = async (): Promise<void> => {
    await runs();
    if (!hands.blocked) throw new DrError('WRONG_STATE', 'bug', 'It is loaded while users may write.');
  };
  const world: ColdWorld = {
    ...company.world,
    settings,
    clusters,
    dnsSwitch,
    hosts,
    fence: {
      look: async (region) => ({
        region,
        ...(hands.everOpen.has(region)
          ? { standing: 'proved', silentMs: 30_000, lease: hands.open.has(region) ? 'open' : 'closed' }
          : { standing: 'not-provable', silentMs: undefined }),
        ...{ waitMs: 0, answering: [], reasons: [`of ${region}`] },
        ...hands.fences.get(region),
      }),
      prove: async (region) => {
        if (!hands.everOpen.has(region)) throw new DrError('FENCE_NOT_PROVED', 'permanent', `${region} may write.`);
        hands.open.delete(region);
        return { by: 'lease-ended', fence: 2, silentMs: 30_000 };
      },
      open: async (region) => void hands.open.add(region),
      close: async (region) => {
        hands.open.delete(region);
        hands.fences.set(region, { lease: 'closed' });
      },
    },
    data: {
      newest: async () => {
        if (hands.vault) throw hands.vault;
        return point;
      },
      judge: runs,
      fetch: async () => 0,
      load: async (run) => {
        await closedToUsers();
        hands.loaded.add(run);
        return { collections: 2, documents: 100, bytes: 10_000, leftOut: [], kept: { by: run } };
      },
      prove: async (run) => {
        await closedToUsers();
        if (hands.equal && hands.loaded.has(run)) return { collections: 2, documents: 100 };
        throw new DrError('RESTORE_MISMATCH', 'permanent', 'eld.logs is not as in the vault.');
      },
      name: async (run) => {
        await closedToUsers();
        hands.named.add(run);
        return 2;
      },
    },
    withFounded: async (_host, work) =>
      work({
        replicaSet: {
          look: async (): Promise<ReplicaSetView> => {
            await runs();
            return { name: 'cold', configVersion: 1, heartbeatMs: 500, catchUpMs: -1, members: [founded()] };
          },
          blockWrites: async () => {
            await runs();
            hands.blocked = true;
          },
          unblockWrites: async () => {
            await runs();
            hands.blocked = false;
          },
        },
        losses: { count: async () => hands.loss },
      }),
    serving: openServingDatabases(company.store),
    leftovers: openLeftovers(company.store),
    tellCold: async (run, receipt) => {
      if (!receipts.has(run)) receipts.set(run, receipt);
    },
    traffic: {
      ...company.traffic,
      view: async () => {
        const away = await dnsSwitch.diverted();
        const all = away.includes(EAST) && away.includes(WEST);
        return { windowMs: 1_000, byRegion: [{ region: all ? EU : EAST, acknowledged: 100, failed: 0 }] };
      },
    },
  };
  for (const host of ['east-1', 'east-2', 'west-1']) company.replicaSet.setUp(host, false);
  company.dns.failWith(dead('Route 53'));
  const preview = (): Promise<ColdPreview> => previewCold(world, { to: cold }, systemClock);
  return { ...company, clusters, world, hands, hosts, dnsSwitch, receipts, preview, bench: coldBench(world, company) };
}
export type ColdCompany = ReturnType<typeof coldWorld>;

const dead = (who: string): DrError => new DrError('CLUSTER_UNAVAILABLE', 'transient', `${who} does not answer.`);

/** Everything around a run of it, for one world. */
function coldBench(world: ColdWorld, { store, leases }: Pick<ReturnType<typeof memoryWorld>, 'store' | 'leases'>) {
  const journal = openJournal(store);
  const events: RunEvent[] = [];
  let workers = 0;
  return {
    journal,
    events,
    record: async (run: RequestId) => {
      const found = await journal.get(run);
      if (!found) throw new Error(`${run} is not in the journal`);
      return found.value;
    },
    create: async (id: RequestId, found: ColdPreview) => {
      if ('problem' in found) throw found.problem;
      const { facts, limits, point } = found;
      const input = { facts, limits, backupId: point.backupId, reason: 'both are gone' };
      await createRun(journal, { id, workflow: coldWorkflow, input, at: systemClock.now() });
    },
    /** Carries it as one worker would; `change` may break the journal or the world of this worker. */
    execute: (
      run: RequestId,
      change: { world?: ColdWorld; journal?: (journal: Journal) => Journal; workflow?: typeof coldWorkflow } = {},
    ) => {
      workers += 1;
      return executeRun(change.workflow ?? coldWorkflow, run, {
        journal: change.journal ? change.journal(journal) : journal,
        locks: openLocks(store),
        leases,
        clock: systemClock,
        worker: `worker-${workers}`,
        world: change.world ?? world,
        tell: async (event) => void events.push(event),
        beforeStart: async () => undefined,
      });
    },
  };
}
