import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { type ReplicaMember, type ReplicaSet, until } from '#sandbox/servers';
import type { Supervised } from '../../sandbox/supervise.ts';
import { pick, type Seeded, seeded } from '../e2e/scenarios/seeded.ts';
import type { Shaking, ShakyGateway } from './process/shaky-gateway.ts';

export interface TroubleOptions {
  readonly random: Seeded;
  readonly set: ReplicaSet;
  readonly processes: readonly [Supervised, ...Supervised[]];
  readonly gateways: readonly [ShakyGateway, ...ShakyGateway[]];
  /** How often the snapshots came to an end so far: who is always killed before that shows nothing. */
  readonly backups: () => number;
}

export interface Trouble {
  /** From now on only one region at a time is shaken, and nobody is killed. */
  onlyRegions(): Promise<void>;
  /** What was done so far, by kind. */
  counts(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const SHAKEN: readonly [Shaking, ...Shaking[]] = ['gone', 'hanging', 'refusing', 'cutting'];

/** SIGKILLs of processes and members, and regions that go away, at random moments until it is stopped. All is well then. */
export function makeTrouble({ random, set, processes, gateways, backups }: TroubleOptions): Trouble {
  const counts: Record<string, number> = {};
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const lane = (firstMs: number, betweenMs: number, once: (random: Seeded, halted: AbortSignal) => Promise<void>) => {
    const halt = new AbortController();
    const mine = seeded(Math.floor(random() * 2 ** 32));
    const wait = (ms: number) => sleep(ms, undefined, { signal: halt.signal }).catch(() => undefined);
    const running = (async () => {
      await wait(firstMs);
      while (!halt.signal.aborted) {
        await once(mine, halt.signal);
        await wait(betweenMs * (0.5 + mine()));
      }
    })();
    // looked at when it is stopped; until then a failure must not end the process as unhandled
    running.catch(() => undefined);
    return async () => {
      halt.abort();
      await running;
    };
  };
  const killedAt = new Map<string, number>();
  const kills = lane(3_000, 5_000, async (mine) => {
    const victim = pick(mine, processes);
    if (!isAtWork(victim) || killedAt.get(victim.name) === backups()) return;
    killedAt.set(victim.name, backups());
    victim.kill('SIGKILL');
    count(`kill ${victim.name}`);
  });
  const members = lane(12_000, 20_000, async (mine, halted) => {
    const primary = await primaryOf(set);
    const others = set.members.filter((member) => member !== primary);
    const secondary = others[Math.floor(mine() * others.length)];
    if (!primary || !secondary) return;
    if (mine() < 0.7) await killAndRestart(primary, 1_000 + mine() * 3_000);
    else if (mine() < 0.5) await killAndRestart(secondary, 1_000 + mine() * 3_000);
    else {
      secondary.kill('SIGSTOP');
      await sleep(1_000 + mine() * 4_000, undefined, { signal: halted }).catch(() => undefined);
      secondary.kill('SIGCONT');
      count('freeze a secondary');
      return;
    }
    count('kill a member');
  });
  const shake = (all: boolean) => (mine: Seeded, halted: AbortSignal) => shakeOnce(mine, halted, all);
  const shakeOnce = async (mine: Seeded, halted: AbortSignal, mayBeAll: boolean): Promise<void> => {
    const every = mayBeAll && mine() < 0.12;
    const how = pick(mine, SHAKEN);
    const shaken = every ? gateways : [pick(mine, gateways)];
    for (const gateway of shaken) gateway.become(how);
    count(every ? `all regions ${how}` : `a region ${how}`);
    await sleep(every ? 2_500 : 1_000 + mine() * 5_000, undefined, { signal: halted }).catch(() => undefined);
    for (const gateway of shaken) gateway.become('open');
  };
  let regions = lane(6_000, 4_000, shake(true));
  return {
    async onlyRegions() {
      await Promise.all([kills(), members(), regions()]);
      regions = lane(1_000, 6_000, shake(false));
    },
    counts: () => ({ ...counts }),
    async stop() {
      await Promise.all([kills(), members(), regions()]);
    },
  };
}

/** Whether it has said anything since it was started last: a process that is killed while it starts meets nothing. */
const isAtWork = ({ logFile }: Supervised): boolean =>
  !/started, process \d+\n$/.test(readFileSync(logFile, 'utf8').slice(-200));

async function killAndRestart(member: ReplicaMember, afterMs: number): Promise<void> {
  member.kill('SIGKILL');
  await member.ended();
  await sleep(afterMs);
  const back = async (): Promise<true> => {
    await member.restart();
    return true;
  };
  // on a busy machine recovery takes longer than one start waits
  await until(`${member.name} is back`, back, { withinMs: 240_000 });
}

/** The member that says of itself that it is; undefined while there is none. */
async function primaryOf(set: ReplicaSet): Promise<ReplicaMember | undefined> {
  for (const member of set.members) {
    const client = new MongoClient(set.memberUri(member.name, 'root'), { serverSelectionTimeoutMS: 1_000 });
    try {
      const hello = await client.db('admin').command({ hello: 1 });
      if (hello['isWritablePrimary'] === true) return member;
    } catch {
      // down
    } finally {
      await client.close();
    }
  }
  return undefined;
}
