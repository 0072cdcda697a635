import { asDrError, formatBytes, type Region } from '#core';
import type { Look, Machine, MemberHosts } from '#ports';
import { failed, unseen, well } from './answers.ts';
import { percentOf } from './percent-of.ts';

/** A machine of the database that was seen. */
interface SeenMachine extends Machine {
  readonly host: string;
  readonly region: Region;
}

/** What the agents said: a machine that nobody can see is neither well nor too busy. */
export interface Machines {
  readonly seen: readonly SeenMachine[];
  /** Whose agents do not answer, or do not say. */
  readonly unseen: readonly string[];
  readonly why: string | undefined;
}
type AskMachines = () => Promise<Machines>;

/** Asks the agent of each member, all at once. Undefined hosts: there are no agents. Throws nothing. */
export const askMachines =
  (hosts: Pick<MemberHosts, 'look'> | undefined, members: readonly string[]): AskMachines =>
  async () => {
    if (!hosts || members.length === 0) {
      return { seen: [], unseen: [], why: "no agent is on the database's machines (docs/member-agent.md)" };
    }
    const all = await Promise.all(
      members.map(async (member) => {
        const answer = await hosts.look(member).catch((thrown: unknown) => asDrError(thrown).message);
        if (typeof answer === 'string') return { member, why: answer.replace(/[.]$/, '') };
        if (!answer.machine) return { member, why: `the agent of ${member} does not say what its machine carries` };
        return { member, machine: { ...answer.machine, host: member, region: answer.region } };
      }),
    );
    return {
      seen: all.flatMap(({ machine }) => machine ?? []),
      unseen: all.flatMap(({ member, machine }) => (machine ? [] : [member])),
      why: all.find(({ why }) => why !== undefined)?.why,
    };
  };

/**
 * The busiest processor among the machines, as a share of the time since the look before. The first look has nothing to compare
 * with, nor has the one after a machine's restart.
 */
export function cpuLook(ask: AskMachines, limitPercent: number, nowMs: () => number): Look {
  let before: { readonly atMs: number; readonly busy: ReadonlyMap<string, number> } | undefined;
  return async () => {
    const { seen, unseen: silent, why } = await ask();
    const last = before;
    before = { atMs: nowMs(), busy: new Map(seen.map(({ host, busySeconds }) => [host, busySeconds])) };
    if (seen.length === 0) return unseen(why ?? 'no machine says how busy it is');
    if (!last) return unseen('the first look has nothing to compare with');
    const passedSeconds = Math.max(0.001, (before.atMs - last.atMs) / 1_000);
    const shares = seen.flatMap(({ host, region, cores, busySeconds }) => {
      const earlier = last.busy.get(host);
      if (earlier === undefined || busySeconds < earlier) return [];
      return [{ host, region, cores, percent: percentOf(busySeconds - earlier, cores * passedSeconds) }];
    });
    const worst = shares.sort((a, b) => b.percent - a.percent)[0];
    if (!worst) return unseen('every machine started anew since, or is seen for the first time');
    const { host, region, cores, percent } = worst;
    const words = `the machine of ${host} used ${percent} % of its ${cores} ${cores === 1 ? 'core' : 'cores'} since the look before, limit ${limitPercent} %${but(silent)}`;
    const numbers = { percent, cores };
    if (percent < limitPercent) return well(words, numbers);
    return failed('database runs out of CPU', words, {
      where: region,
      effect: ['Reads and writes wait for a processor.'],
      numbers,
    });
  };
}

/** The machine with the least memory left. */
export const memoryLook =
  (ask: AskMachines, limitPercent: number): Look =>
  async () => {
    const { seen, unseen: silent, why } = await ask();
    const worst = seen
      .map(({ host, region, memory }) => ({
        ...{ host, region, memory },
        percent: percentOf(memory.availableBytes, memory.bytes),
      }))
      .sort((a, b) => a.percent - b.percent)[0];
    if (!worst) return unseen(why ?? 'no machine says how much memory is left');
    const { host, region, memory, percent } = worst;
    const words = `the machine of ${host} has ${formatBytes(memory.availableBytes)} of ${formatBytes(memory.bytes)} memory left, ${percent} %, limit ${limitPercent} %${but(silent)}`;
    const numbers = { percent, availableBytes: memory.availableBytes };
    if (percent > limitPercent) return well(words, numbers);
    return failed('machine of the database runs out of memory', words, {
      where: region,
      effect: ['A machine without memory ends the largest program, which is the database.'],
      numbers,
    });
  };

const but = (silent: readonly string[]): string => (silent.length > 0 ? `; not seen: ${silent.join(', ')}` : '');
