import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Child, type Place, removeAfterUs, startChild, until } from '#sandbox/servers';
import { type Door, doorFile, openDoor } from './door.ts';
import { direction, OUTSIDE, type Port, type Wiring } from './wiring.ts';

/**
 * A network a region: processes of a region see only 127.0.0.1, where each port of another region is a door to it. Addresses are the
 * same everywhere, and what passes between two regions can be blocked, each direction by itself.
 */
export interface Network {
  /** Where processes of this region run. */
  place(region: string): Place;
  /** A port of ours, outside of every region, that regions reach; `owner` is whose door it is, if it is a region's. */
  serve(port: number, owner?: string): Promise<void>;
  /** Blocks one direction between two regions. */
  block(from: string, to: string): Promise<void>;
  /** Blocks both directions between a region and every other; what is outside of regions still reaches it. */
  cutOff(region: string): Promise<void>;
  /** Nothing is blocked any more. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./door-program.ts', import.meta.url));

/** Whether this machine lets us make network namespaces: Linux, as root, with `unshare`, `nsenter` and `ip`. */
export const canSeparate = (): boolean =>
  spawnSync('unshare', ['--net', 'sh', '-c', 'ip link set lo up && command -v nsenter'], { stdio: 'ignore' }).status ===
  0;

export async function startNetwork(regions: readonly string[]): Promise<Network> {
  // short: a socket's path may have 107 characters
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-net-'));
  removeAfterUs(folder);
  const ports = new Map<number, Port>();
  const blocked = new Set<string>();
  const outside = await openDoor(folder, OUTSIDE);
  const insides = await Promise.all(regions.map((region) => startInside(folder, region)));

  let wiring: Promise<void> = Promise.resolve();
  /** One after the other: each order is all of it, and an older one must not come last. */
  const rewire = (only: readonly Pick<Door, 'wire'>[] = [outside, ...insides]): Promise<void> => {
    const next = wiring.then(async () => {
      const all: Wiring = { ports: [...ports.values()], blocked: [...blocked] };
      await Promise.all(only.map((door) => door.wire(all)));
    });
    wiring = next.catch(() => undefined);
    return next;
  };
  const pairs = (region: string): string[] =>
    regions
      .filter((other) => other !== region)
      .flatMap((other) => [direction(region, other), direction(other, region)]);

  return {
    place(region) {
      const inside = insides.find((each) => each.region === region);
      if (inside === undefined) throw new Error(`There is no network in ${region}.`);
      return {
        prefix: ['nsenter', `--net=/proc/${inside.pid}/ns/net`, '--'],
        async expose(...given) {
          for (const port of given) ports.set(port, { port, owner: region, place: region });
          await rewire();
        },
        async withdraw(port) {
          ports.delete(port);
          await rewire();
        },
      };
    },
    async serve(port, owner = OUTSIDE) {
      ports.set(port, { port, owner, place: OUTSIDE });
      await rewire();
    },
    async block(from, to) {
      blocked.add(direction(from, to));
      await rewire();
    },
    async cutOff(region) {
      for (const pair of pairs(region)) blocked.add(pair);
      await rewire();
    },
    async mend() {
      blocked.clear();
      await rewire();
    },
    async stop() {
      await outside.close();
      await Promise.all(insides.map((inside) => inside.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Inside extends Pick<Door, 'wire'> {
  readonly region: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The door is the first process of its namespace, which ends with the last. */
async function startInside(folder: string, region: string): Promise<Inside> {
  const child: Child = await startChild({
    program: 'unshare',
    args: [
      ...['--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'door'],
      ...[process.execPath, PROGRAM, folder, region],
    ],
    logFile: join(folder, `${region}.log`),
  });
  const file = doorFile(folder, `${region}-control`);
  await until(`the door of ${region} opens`, async () => !child.running() || existsSync(file));
  if (!child.running()) throw new Error(`The door of ${region} ended at once; its log: ${folder}`);
  const control: Socket = connect(file);
  const waiting: ((said: string) => void)[] = [];
  createInterface({ input: control }).on('line', (said) => waiting.shift()?.(said));
  return {
    region,
    pid: child.pid,
    wire: async (wiring) => {
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      control.write(`${JSON.stringify(wiring)}\n`);
      const said = await answer;
      if (said !== 'done') throw new Error(`The door of ${region}: ${said}`);
    },
    stop: async () => {
      control.destroy();
      await child.stop(1_000);
    },
  };
}
