import { type MemoryChat, memoryChat, memoryControlStore, memoryLeases, memoryWakeQueue } from '#adapters/memory';
import { generateApprovalKeys, noStepUp, readApprovalKeys } from '#approvals';
import { type Clock, createLogger, type DrError, type RequestId, systemClock, systemRandom } from '#core';
import {
  createIntake,
  dispatch,
  type Flow,
  type IntakeRecord,
  isUnderWay,
  openIntakes,
  openRequests,
  recheck,
  sweepRequests,
  tellRun,
} from '#flows';
import { createRoster, openDuty } from '#oncall';
import { type Plan, parsePlan } from '#plan';
import type { Card, ControlStore, Incoming, Spool } from '#ports';
import { createTimeline, plainText, ThreadId, type TimelineEntry, verifyTimeline } from '#record';
import { dueRuns, executeRun, openJournal, openLocks } from '#workflow';
import { eldText } from '../plan/eld-plan.ts';
import { commands, moveWorkflow, type SmallWorld, smallReceipt } from './small-world.ts';

/** Begins at noon and is moved on at will: leases and expiry see the jump, waits stay real. */
export interface MovedClock extends Clock {
  advance(ms: number): void;
}

/** Words have the date of what is not today, so that no test may begin a minute before midnight. */
const NOON = Date.parse('2026-11-23T12:00:00Z');

function movedClock(): MovedClock {
  let ahead = NOON - Date.now();
  return {
    now: () => new Date(Date.now() + ahead),
    monotonicMs: () => systemClock.monotonicMs(),
    sleep: systemClock.sleep,
    advance: (ms) => {
      ahead += ms;
    },
  };
}

export interface FlowBench {
  readonly flow: Flow<SmallWorld>;
  readonly world: SmallWorld;
  readonly clock: MovedClock;
  readonly chat: MemoryChat;
  readonly queue: ReturnType<typeof memoryWakeQueue>;
  readonly spool: Spool;
  readonly intake: ReturnType<typeof createIntake>;
  /** A payload as Slack delivers it: stored, acknowledged, handled. Resolves with what its sender read. */
  deliver(incoming: Incoming): Promise<string>;
  say(user: string, line: string, key?: string): Promise<string>;
  /** A button of the request's card as it is drawn now; parts of it can be forged. */
  click(
    user: string,
    button: string,
    id: RequestId,
    forged?: { value?: string; ts?: string; key?: string },
  ): Promise<string>;
  /** A failover to the west asked by Mike Johnson; its number. */
  asked(): Promise<RequestId>;
  approved(id: RequestId): Promise<void>;
  /** Carries every run that is due, as one worker would. */
  work(): Promise<void>;
  /** What a process does every second. */
  sweep(): Promise<void>;
  state(id: RequestId): Promise<string | undefined>;
  kinds(id: RequestId): Promise<string[]>;
  entries(id: RequestId): Promise<TimelineEntry[]>;
  whole(): Promise<boolean>;
}

export const USERS = {
  john: 'U0JOHNSMITH',
  jane: 'U0JANEDOE',
  mike: 'U0MIKEJOHNSON',
  sarah: 'U0SARAHWILSON',
  alex: 'U0ALEXCHEN',
  david: 'U0DAVIDKIM',
  lisa: 'U0LISABROWN',
  guest: 'U0GUEST',
} as const;

/** What outlives a process: the store, leases, keys, the world itself and the chat. */
export interface Lasting {
  readonly store: ControlStore;
  readonly leases: ReturnType<typeof memoryLeases>;
  readonly clock: MovedClock;
  readonly keys: ReturnType<typeof readApprovalKeys>;
  readonly things: Omit<SmallWorld, 'flow'>;
  readonly chat: MemoryChat;
}

export function lasting(): Lasting {
  const clock = movedClock();
  return {
    store: memoryControlStore(clock),
    leases: memoryLeases(clock),
    clock,
    keys: readApprovalKeys(generateApprovalKeys()),
    things: { region: 'us-east-1', lagMs: 400, members: 3, effects: [], ready: true },
    chat: memoryChat(),
  };
}

const { plan: eldPlan, hash: eldHash } = parsePlan(eldText, 'plan.yaml');
let processes = 0;

/** One process of Holdfast on what lasts. `store` may be a broken view of the lasting one. */
export function flowBench(
  on: Lasting = lasting(),
  store: ControlStore = on.store,
  plan: Plan = eldPlan,
  spool: Spool = memorySpool(),
): FlowBench {
  processes += 1;
  const holder = `worker-${processes}`;
  const { clock, chat, things } = on;
  const logger = createLogger('test', 'silent');
  const queue = memoryWakeQueue();
  const timeline = createTimeline({ store, clock, random: systemRandom });
  const roster = createRoster(plan);
  const world: SmallWorld = Object.assign(things, { flow: () => flow });
  const flow: Flow<SmallWorld> = {
    plan,
    planHash: eldHash,
    roster,
    commands,
    jobs: ['failover', 'tidy', 'sort', 'deep-sort'].map((name) => ({
      name,
      workflow: moveWorkflow,
      receipt: smallReceipt,
      followUp: () => undefined,
      nowLine: () => undefined,
    })),
    world,
    store,
    requests: openRequests(store),
    journal: openJournal(store),
    locks: openLocks(store),
    timeline,
    incidents: {
      ...{ plan, store, roster, duty: openDuty({ roster, store, clock }), notifiers: [], timeline, clock },
      isRunUnderWay: (incident) => isUnderWay(incident, flow),
    },
    wake: queue,
    approvalKeys: on.keys,
    stepUp: noStepUp,
    clock,
    random: systemRandom,
    logger,
  };
  const cardOf = async (id: RequestId): Promise<string> => cardTs((await flow.requests.get(id))?.value.voids ?? 0, id);
  /** A thread is called by what it is of. */
  const threadAt = async (ts: string) => ThreadId.safeParse(ts).data;
  const intake = createIntake({
    flow,
    intakes: openIntakes(store),
    spool,
    dispatch: (record: IntakeRecord, live) =>
      dispatch(record, live, { flow, chat, cardOf, threadAt, keepHumanMessage: async () => undefined }),
  });
  const words = (card: Card): string =>
    card.parts
      .flatMap((part) =>
        'text' in part ? [plainText(part.text, (person) => flow.roster.name(person), clock.now())] : [],
      )
      .join('\n');
  const deliver = async (incoming: Incoming): Promise<string> => {
    const address = `https://answer.example/${incoming.key}/${chat.answers.length}`;
    await intake.store(incoming);
    await intake.handle(incoming, { answerAddress: address, trigger: `trigger-${incoming.key}` });
    return chat.answers
      .filter((answer) => answer.address === address)
      .map(({ card }) => words(card))
      .join('\n');
  };
  let acts = 0;
  const key = (): string => {
    acts += 1;
    return `act:${holder}:${acts}`;
  };
  const from = (user: string) => ({ team: 'T0ELDCORP', user, channel: 'C1' });
  const bench: FlowBench = {
    flow,
    world,
    clock,
    chat,
    queue,
    spool,
    intake,
    deliver,
    say: (user, line, own = key()) => deliver({ ...from(user), kind: 'command', key: own, text: line }),
    click: async (user, button, id, forged = {}) => {
      const stored = (await flow.requests.get(id))?.value;
      const hash = stored?.preview?.hash.slice(0, 16) ?? '-';
      return deliver({
        ...from(user),
        kind: 'click',
        key: forged.key ?? key(),
        ts: forged.ts ?? cardTs(stored?.voids ?? 0, id),
        private: false,
        button,
        value: forged.value ?? `${id} ${hash}`,
      });
    },
    asked: async () => {
      await bench.say(USERS.mike, 'failover us-west-2 --reason "east storage is slow"');
      const [newest] = await flow.requests.find({ sort: { by: 'askedAt', order: 'descending' }, limit: 1 });
      if (!newest) throw new Error('nothing was asked');
      return newest.value.id;
    },
    approved: async (id) => {
      await bench.click(USERS.john, 'approve', id);
      await bench.click(USERS.alex, 'approve', id);
    },
    work: async () => {
      for (const run of await dueRuns(flow.journal, 20)) {
        await executeRun(moveWorkflow, run.id, {
          journal: flow.journal,
          locks: flow.locks,
          leases: on.leases,
          clock,
          worker: holder,
          world,
          tell: (event) => tellRun(event, flow),
          beforeStart: (record) => recheck(record, flow),
        });
      }
    },
    sweep: async () => {
      await sweepRequests(flow);
      await intake.sweep();
    },
    state: async (id) => (await flow.requests.get(id))?.value.state,
    entries: (id) => timeline.read({ thread: id, limit: 500 }),
    kinds: async (id) => (await timeline.read({ thread: id, limit: 500 })).map(({ kind }) => kind),
    whole: async () => (await verifyTimeline(on.store)).whole,
  };
  return bench;
}

/** Where the request's card is, as the double of Slack would say it: another message each round. */
export const cardTs = (round: number, id: string): string => `${id}/${round}`;

export interface BreakableSpool extends Spool {
  breakWith(error: DrError | undefined): void;
}

export function memorySpool(): BreakableSpool {
  const items = new Map<string, string>();
  let failure: DrError | undefined;
  return {
    breakWith: (error) => {
      failure = error;
    },
    put: async (key, item) => {
      if (failure) throw failure;
      items.set(key, item);
    },
    list: async () => [...items].map(([key, item]) => ({ key, item })),
    remove: async (key) => void items.delete(key),
  };
}
