import { memoryControlStore, memoryLeases, memoryWakeQueue } from '#adapters/memory';
import { generateApprovalKeys, noStepUp, readApprovalKeys } from '#approvals';
import { commands } from '#commands';
import { createLogger, PersonId, RequestId, systemClock, systemRandom } from '#core';
import {
  approve,
  commandFlow,
  type Flow,
  type HoldfastWorld,
  openRequests,
  type RequestRecord,
  recheck,
  type Speaker,
  tellRun,
} from '#flows';
import { jobs } from '#jobs';
import { createRoster, openDuty } from '#oncall';
import { type OtherClusterPlan, type Plan, parsePlan } from '#plan';
import type { Card, RecoveryServers, RestoreTarget } from '#ports';
import { createTimeline } from '#record';
import type { RestoreWorld } from '#restore';
import type { Vault } from '#vault';
import { dueRuns, openJournal, openLocks, type RunRecord } from '#workflow';
import { eldText } from '../../plan/eld-plan.ts';
import { wordsOf } from '../../support/words-of.ts';

const { plan: eld, hash: planHash } = parsePlan(eldText, 'plan.yaml');

/** Clusters that a restore may go to besides the target. */
interface Elsewhere extends Pick<RestoreWorld, 'openCluster' | 'describeLive'> {
  readonly clusters: readonly OtherClusterPlan[];
  readonly recovery?: RecoveryServers;
  readonly scratch?: NonNullable<Plan['mongodb']['restore']['scratch']>;
}

/** Holdfast's own commands and jobs on a real target, as far as restores need it; what they do not touch is not there. */
export function restoreFlow(vault: Vault, target: RestoreTarget, database: string, elsewhere?: Elsewhere) {
  const store = memoryControlStore(systemClock);
  const leases = memoryLeases(systemClock);
  const clusters = [...(elsewhere?.clusters ?? [])];
  const scratch = elsewhere?.scratch;
  const otherDatabases = [`${database}-copy*`];
  const restore = { ...eld.mongodb.restore, clusters, otherDatabases, ...(scratch ? { scratch } : {}) };
  const plan = { ...eld, mongodb: { ...eld.mongodb, databases: [database], restore } };
  const roster = createRoster(plan);
  const timeline = createTimeline({ store, clock: systemClock, random: systemRandom });
  const wake = memoryWakeQueue();
  const [requests, journal] = [openRequests(store), openJournal(store)];
  const world = {
    ...{ plan, planHash, roster, clock: systemClock, store, requests, journal, timeline, wake },
    backup: { vault },
    restore: {
      ...{ ...elsewhere, vault, liveName: plan.mongodb.replicaSet },
      openTarget: async () => ({ ...target, close: async () => undefined }),
    },
    flow: () => flow,
  } as unknown as HoldfastWorld;
  const flow: Flow<HoldfastWorld> = {
    ...{ plan, planHash, roster, commands, jobs, world, store, requests, journal, timeline, wake },
    incidents: {
      plan,
      store,
      roster,
      duty: openDuty({ roster, store, clock: systemClock }),
      notifiers: [],
      timeline,
      clock: systemClock,
    },
    locks: openLocks(store),
    approvalKeys: readApprovalKeys(generateApprovalKeys()),
    stepUp: noStepUp,
    clock: systemClock,
    random: systemRandom,
    logger: createLogger('test', 'silent'),
  };
  const speaker = (id: string): Speaker => {
    const person = PersonId.parse(id);
    return { person, name: roster.name(person), team: 't', user: id, via: 'terminal', timeZone: 'UTC' };
  };
  return {
    flow,
    world,
    /** What somebody reads, and the number it has. */
    ask: async (person: string, line: string): Promise<{ id: RequestId; words: string }> => {
      const request = RequestId.parse(`R-${await store.nextNumber('requests')}`);
      let said: Card | undefined;
      const hear = async (card: Card): Promise<void> => {
        said = card;
      };
      await commandFlow({ line, speaker: speaker(person), intake: request, request }, flow, {
        say: hear,
        refuse: (_error, card) => hear(card),
        ask: undefined,
      });
      return { id: request, words: said ? wordsOf(said) : '' };
    },
    approve: async (id: RequestId, person: string): Promise<void> => {
      const hash = (await requests.get(id))?.value.preview?.hash ?? '';
      await approve({ request: id, preview: hash }, speaker(person), flow);
    },
    /** Carries what is due, as one worker would. */
    work: async (): Promise<void> => {
      for (const { id, workflow } of await dueRuns(journal, 20)) {
        await jobs
          .find((job) => job.workflow.name === workflow)
          ?.carry(id, world, {
            journal,
            locks: flow.locks,
            leases,
            clock: systemClock,
            worker: 'worker',
            tell: (event) => tellRun(event, flow),
            beforeStart: (run) => recheck(run, flow),
          });
      }
    },
    request: async (id: RequestId): Promise<RequestRecord | undefined> => (await requests.get(id))?.value,
    run: async (id: RequestId): Promise<RunRecord | undefined> => (await journal.get(id))?.value,
    /** What was asked for by itself after a run. */
    followUp: async (id: RequestId): Promise<string | undefined> =>
      (await requests.find({ where: { intake: `follow-up:${id}` }, limit: 1 }))[0]?.value.line,
  };
}
