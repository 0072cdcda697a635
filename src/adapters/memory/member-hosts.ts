import { DrError, type Region } from '#core';
import type { MemberHost, MemberHosts } from '#ports';

interface MemoryHost {
  readonly region: Region;
  state: MemberHost['state'];
  crashes: number;
  up: boolean;
  founded: boolean;
  empty: boolean;
  readonly files: Map<string, Uint8Array>;
}

export interface MemoryMemberHosts extends MemberHosts {
  /** Its machine loses its power, or has it again: then what is not held starts. */
  setPower(host: string, on: boolean): void;
  leaveRollbackFile(host: string, name: string, bytes: Uint8Array): void;
  /** The server ended by itself; the agent starts it again when it may. */
  crash(host: string): void;
  /** Orders that changed something, in order. */
  readonly orders: readonly string[];
}

/** Machines in this process. `onChange` hears what becomes of each server: it is what a replica set notices. */
export function memoryMemberHosts(
  specs: readonly { readonly host: string; readonly region: Region; readonly empty?: boolean }[],
  onChange: (host: string, change: 'up' | 'down' | 'wiped') => void = () => undefined,
): MemoryMemberHosts {
  const machines = new Map(
    specs.map(({ host, region, empty = false }): [string, MemoryHost] => [
      host,
      { region, state: empty ? 'stopped' : 'running', crashes: 0, up: true, founded: false, empty, files: new Map() },
    ]),
  );
  const orders: string[] = [];
  const of = (host: string): MemoryHost => {
    const machine = machines.get(host);
    if (!machine) throw refused(`${host} has no agent.`);
    if (!machine.up) throw unavailable(host);
    return machine;
  };
  const become = (host: string, machine: MemoryHost, state: MemberHost['state']): void => {
    if (machine.state === state) return;
    const ran = machine.state === 'running';
    machine.state = state;
    orders.push(`${host} ${state}`);
    if (ran !== (state === 'running')) onChange(host, ran ? 'down' : 'up');
  };
  return {
    orders,
    look: async (host) => {
      const { region, state, crashes, empty } = of(host);
      return { host, region, state, crashes, ...(empty ? { empty } : {}) };
    },
    hold: async (host) => become(host, of(host), 'held'),
    start: async (host) => become(host, of(host), 'running'),
    startAlone: async (host) => {
      const machine = of(host);
      if (machine.state !== 'held' && machine.state !== 'alone') throw refused(`${host} is not held.`);
      become(host, machine, 'alone');
      return { uri: `memory://${host}` };
    },
    found: async (host) => {
      const machine = of(host);
      if (!machine.founded && (machine.state === 'running' || !machine.empty)) {
        throw refused(`${host} has data of another set.`);
      }
      machine.founded = true;
      machine.empty = false;
      become(host, machine, 'running');
    },
    wipe: async (host) => {
      const machine = of(host);
      if (machine.state !== 'held') throw refused(`${host} is not held.`);
      machine.files.clear();
      machine.founded = false;
      machine.empty = true;
      orders.push(`${host} wiped`);
      onChange(host, 'wiped');
    },
    rollbackFiles: async (host) => [...of(host).files].map(([name, { length }]) => ({ name, bytes: length })),
    readRollbackFile: async function* (host, name) {
      const bytes = of(host).files.get(name);
      if (!bytes) throw refused(`${host} has no rollback file of that name.`);
      yield bytes;
    },
    setPower: (host, on) => {
      const machine = machines.get(host);
      if (!machine || machine.up === on) return;
      const ran = machine.state === 'running';
      machine.up = on;
      if (!on) {
        if (machine.state !== 'held') machine.state = 'stopped';
        if (ran) onChange(host, 'down');
      } else if (machine.state === 'stopped') {
        machine.state = 'running';
        onChange(host, 'up');
      }
    },
    leaveRollbackFile: (host, name, bytes) => {
      machines.get(host)?.files.set(name, bytes);
    },
    crash: (host) => {
      const machine = machines.get(host);
      if (machine) machine.crashes += 1;
    },
  };
}

const unavailable = (host: string): DrError =>
  new DrError('HOST_UNAVAILABLE', 'transient', `The agent of ${host} does not answer.`);
const refused = (message: string): DrError => new DrError('HOST_REFUSED', 'permanent', message);
