import { serialize } from 'bson';
import { memoryControlStore, memoryLeases, memoryMemberHosts, memoryReplicaSet } from '#adapters/memory';
import { DrError, type RequestId, systemClock } from '#core';
import { noteGivenUp, openGivenUpRegions, previewRebuild, type RebuildWorld, rebuildWorkflow } from '#failover';
import type { MemberCopies, SourceCollection } from '#ports';
import { createRun, executeRun, type Journal, openJournal, openLocks, type RunEvent, type RunState } from '#workflow';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

export const LOST_IN = requestNumber(43);
const EAST_HOSTS = ['east-1:27017', 'east-2:27017'] as const;
const PRIMARY = 'west-1:27017';

interface PaperCollection {
  uuid: string;
  options: object;
  indexes: object[];
  documents: object[];
}

/** Copies that are kept in this process, so that any of them can be damaged. */
export function paperCopies(hosts: readonly string[]) {
  const made = (): Map<string, PaperCollection> =>
    new Map([
      [
        'driver_logs',
        {
          uuid: 'a',
          options: {},
          indexes: [{ name: '_id_' }, { name: 'driver_1', key: { driver: 1 } }],
          documents: Array.from({ length: 50 }, (_, n) => ({ _id: n, driver: n % 5 })),
        },
      ],
      ['vehicles', { uuid: 'b', options: {}, indexes: [{ name: '_id_' }], documents: [{ _id: 'v1' }] }],
    ]);
  const held = new Map(hosts.map((host) => [host, made()]));
  const of = (host: string) => held.get(host) ?? new Map<string, PaperCollection>();
  const copies: MemberCopies = {
    majorityTime: async () => ({ seconds: 1, increment: 1 }),
    catalog: async (host, database) => ({
      collections: [...of(host)].map(
        ([name, { uuid, options, indexes, documents }]): SourceCollection => ({
          uuid,
          database,
          name,
          kind: 'collection',
          options: Buffer.from(serialize(options)),
          indexes: indexes.map((index) => Buffer.from(serialize(index))),
          estimate: { documents: documents.length, bytes: 1_000 },
        }),
      ),
      views: [],
    }),
    splitPoints: async () => [],
    read: async function* (host, { name }) {
      // another member has them in another order
      const documents = [...(of(host).get(name)?.documents ?? [])];
      if (host !== PRIMARY) documents.reverse();
      const bytes = documents.map((document) => Buffer.from(serialize(document)));
      yield { documents: Buffer.concat(bytes), count: documents.length };
    },
  };
  return { copies, of };
}

/** us-east-1 was given up in R-43 and comes back: its members have no vote, us-west-2 serves. */
export async function rebuildWorld(change: Partial<RebuildWorld> = {}) {
  const store = memoryControlStore(systemClock);
  const leases = memoryLeases(systemClock);
  const replicaSet = memoryReplicaSet([
    { host: EAST_HOSTS[0], region: EAST, priority: 2 },
    { host: EAST_HOSTS[1], region: EAST, priority: 2 },
    { host: PRIMARY, region: WEST, priority: 3 },
  ]);
  for (const host of EAST_HOSTS) await replicaSet.setRoles([{ host, votes: 0, priority: 0 }], 1_000);
  const hosts = memoryMemberHosts(
    EAST_HOSTS.map((host) => ({ host, region: EAST })),
    (host, what) => {
      if (what !== 'wiped') replicaSet.setUp(host, what === 'up');
    },
  );
  const paper = paperCopies([...EAST_HOSTS, PRIMARY]);
  const givenUp = openGivenUpRegions(store);
  await noteGivenUp(givenUp, EAST, LOST_IN, systemClock.now());
  const saved: string[] = [];
  const world: RebuildWorld = {
    settings: {
      databases: ['eld'],
      readBytesPerSecond: undefined,
      restarts: 2,
      stuckAfterMs: 60,
      lookEveryMs: 2,
    },
    replicaSet,
    store,
    givenUp,
    hosts,
    aloneAt: async () => undefined,
    copies: paper.copies,
    returned: {
      saveDivergent: async (run, host, uri) => {
        saved.push(`${run} ${host} ${uri}`);
        return { entries: host === EAST_HOSTS[0] ? 7 : 0 };
      },
      saveRollbackFiles: async (_run, host) => ({ files: (await hosts.rollbackFiles(host)).length }),
    },
    ...change,
  };
  const journal = openJournal(store);
  const events: RunEvent[] = [];
  const record = async (run: RequestId) => {
    const found = await journal.get(run);
    if (!found) throw new DrError('NOT_FOUND', 'bug', `${run} is not in the journal`);
    return found.value;
  };
  let workers = 0;
  return {
    world,
    replicaSet,
    hosts,
    paper,
    saved,
    journal,
    events,
    record,
    create: async (id: RequestId, wipe = false) => {
      const { facts } = await previewRebuild(world, { region: EAST, wipe });
      const input = { facts, reason: 'it is back' };
      await createRun(journal, { id, workflow: rebuildWorkflow, input, at: systemClock.now() });
    },
    execute: (run: RequestId, broken: (journal: Journal) => Journal = (whole) => whole): Promise<RunState | 'busy'> => {
      workers += 1;
      return executeRun(rebuildWorkflow, run, {
        journal: broken(journal),
        locks: openLocks(store),
        leases,
        clock: systemClock,
        worker: `worker-${workers}`,
        world,
        tell: async (event) => {
          if (!events.some(({ key }) => key === event.key)) events.push(event);
        },
        beforeStart: async () => undefined,
      });
    },
  };
}
