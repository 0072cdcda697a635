import { MongoClient } from 'mongodb';
import type { Breaker } from '#sandbox/page';

/** What can be broken, in the order of the panel. */
export const BREAKERS = [
  { id: 'drop-driver-logs', label: 'Drop driver_logs', description: 'Drops the collection eld.driver_logs.' },
  {
    id: 'kill-us-east-1',
    label: 'Kill us-east-1',
    description:
      'SIGKILL to all of us-east-1: mongods, control member, ELD service, Kubernetes, Redis, S3, KMS, Route 53 API, Holdfast.',
  },
  {
    id: 'freeze-us-east-1',
    label: 'Freeze us-east-1',
    description:
      'SIGSTOP to all of it: connections are taken and nothing is answered. It wakes up with "Put all back".',
  },
  {
    id: 'cut-us-east-1',
    label: 'Cut off us-east-1',
    description: 'It lives and drivers reach it, but no byte passes between it and the other regions.',
  },
  {
    id: 'kill-eld',
    label: 'Kill ELD in us-east-1',
    description: 'Every instance of the ELD service there dies, and no new one can start. The database stays.',
  },
  {
    id: 'slow-disk',
    label: 'Slow the disk',
    description: 'For a minute the primary stands still nine tenths of the time, as on a dying disk.',
  },
  { id: 'cut-slack', label: 'Cut Slack 60 s', description: 'Slack answers nobody for 60 seconds.' },
  { id: 'flush-redis', label: 'Flush Redis', description: 'FLUSHALL: every queued job is gone.' },
  {
    id: 'put-back',
    label: 'Put all back',
    description: 'Starts what is down and opens what is cut. Data that is gone stays gone: restore it.',
    mends: true,
  },
] as const satisfies readonly Breaker[];
export type BreakerId = (typeof BREAKERS)[number]['id'];

/** A process, or several, that can be frozen. */
export type Freezable = { kill(signal: NodeJS.Signals): void };

/** One thing that lives in a region: dies or freezes with it, comes back with `restore`. All idempotent. */
export type RegionPart = {
  readonly name: string;
  kill(): Promise<void> | void;
  /** Stands still: answers nothing, and is not known to be dead. */
  freeze(): Promise<void> | void;
  restore(): Promise<void> | void;
};

export type BreakerHandles = {
  /** Root, all members. */
  readonly mongodbUri: string;
  /** Everything of us-east-1, in the order in which it comes back. */
  readonly east: readonly RegionPart[];
  /** The ELD service of us-east-1 alone. */
  readonly service: Omit<RegionPart, 'freeze'>;
  /** The lines between us-east-1 and the other regions; undefined where its processes have no network of their own. */
  readonly lines: { cut(): Promise<void>; mend(): Promise<void> } | undefined;
  /** The member that is the primary now; undefined when there is none. */
  readonly primary: () => Promise<Freezable | undefined>;
  readonly cutSlack: (forMs: number) => Promise<void> | void;
  readonly restoreSlack: () => Promise<void> | void;
  readonly flushRedis: () => Promise<void>;
};

export type Breakers = {
  readonly list: readonly Breaker[];
  /** Breaks, or mends; resolves with a sentence for the page. @throws Error for an unknown id */
  run(id: string): Promise<string>;
  /** Ends what still goes on (the slow disk). Idempotent. */
  stop(): void;
};

const SLOW_FOR_MS = 60_000;
const STANDS_MS = 450;
const RUNS_MS = 50;

/** The real faults of the panel, on handles that the sandbox's start gives. */
export function createBreakers(handles: BreakerHandles): Breakers {
  let endSlowness = () => {};

  /** Stands shorter than an election timeout, or the set would replace it and nothing would be slow any more. */
  async function slowDisk(): Promise<string> {
    endSlowness();
    const primary = await handles.primary();
    if (primary === undefined) return 'There is no primary to slow down.';
    const until = performance.now() + SLOW_FOR_MS;
    let timer: NodeJS.Timeout | undefined;
    endSlowness = () => {
      clearTimeout(timer);
      primary.kill('SIGCONT');
      endSlowness = () => {};
    };
    const stand = () => {
      if (performance.now() > until) return endSlowness();
      primary.kill('SIGSTOP');
      timer = setTimeout(go, STANDS_MS);
    };
    const go = () => {
      primary.kill('SIGCONT');
      timer = setTimeout(stand, RUNS_MS);
    };
    stand();
    return 'The primary is slow for a minute.';
  }
  async function killEast(): Promise<string> {
    endSlowness();
    await Promise.all(handles.east.map((part) => part.kill()));
    return `us-east-1 is gone: ${handles.east.map(({ name }) => name).join(', ')}.`;
  }
  async function freezeEast(): Promise<string> {
    endSlowness();
    await Promise.all(handles.east.map((part) => part.freeze()));
    return `us-east-1 stands still: ${handles.east.map(({ name }) => name).join(', ')}.`;
  }
  async function putBack(): Promise<string> {
    endSlowness();
    const failed: string[] = [];
    await handles.lines?.mend();
    for (const part of [handles.service, ...handles.east]) {
      // one that does not come back must not keep the others down
      await Promise.resolve(part.restore()).catch(() => failed.push(part.name));
    }
    await handles.restoreSlack();
    return failed.length === 0 ? 'Everything runs again.' : `Did not come back: ${failed.join(', ')}. Press again.`;
  }
  const actions: Readonly<Record<BreakerId, () => Promise<string>>> = {
    'drop-driver-logs': () => dropDriverLogs(handles.mongodbUri),
    'kill-us-east-1': killEast,
    'freeze-us-east-1': freezeEast,
    'cut-us-east-1': async () => {
      if (handles.lines === undefined) return 'Its processes have no network of their own here: nothing was cut.';
      await handles.lines.cut();
      return 'us-east-1 is cut off from the other regions; drivers still reach it.';
    },
    'kill-eld': async () => {
      await handles.service.kill();
      return 'The ELD service of us-east-1 is gone; its database is there.';
    },
    'slow-disk': slowDisk,
    'cut-slack': async () => {
      await handles.cutSlack(60_000);
      return 'Slack is cut for 60 seconds.';
    },
    'flush-redis': async () => {
      await handles.flushRedis();
      return 'Redis is empty.';
    },
    'put-back': putBack,
  };
  return {
    list: BREAKERS.filter(({ id }) => id !== 'cut-us-east-1' || handles.lines !== undefined),
    async run(id) {
      const known = BREAKERS.find((breaker) => breaker.id === id);
      if (known === undefined) throw new Error(`There is nothing to break called "${id}".`);
      return await actions[known.id]();
    },
    stop: () => endSlowness(),
  };
}

async function dropDriverLogs(uri: string): Promise<string> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 3000, writeConcern: { w: 'majority' } });
  try {
    const logs = client.db('eld').collection('driver_logs');
    const documents = await logs.estimatedDocumentCount();
    await logs.drop();
    return `driver_logs is dropped: ${documents.toLocaleString('en-US')} documents.`;
  } finally {
    await client.close();
  }
}
