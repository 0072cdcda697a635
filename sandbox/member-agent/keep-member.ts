import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedServer } from './managed-server.ts';

export type KeptState = 'running' | 'alone' | 'held' | 'stopped';

/** An order that can't be followed as things are. */
export class Refused extends Error {}

/** One member under its agent: what it may do, and what is remembered when the machine's power fails. */
export interface KeptMember {
  readonly server: ManagedServer;
  /** `empty` only of a machine on which a set can be founded. */
  look(): { readonly state: KeptState; readonly crashes: number; readonly empty?: boolean };
  hold(): Promise<void>;
  start(): Promise<void>;
  found(): Promise<void>;
  startAlone(): Promise<string>;
  wipe(): Promise<void>;
  powerOff(): void;
  powerOn(): Promise<void>;
  /** Leaves the server as it is, and watches over it no longer. */
  leave(): Promise<void>;
}

const AGAIN_AFTER_MS = 500;

/** `folder` is the agent's own; what stands in it outlives the power. Orders to one member go one after the other. */
export function keepMember(server: ManagedServer, folder: string): KeptMember {
  mkdirSync(folder, { recursive: true });
  const heldFile = join(folder, `held-${server.host.replaceAll(/[^a-z0-9.-]/gi, '_')}`);
  const foundedFile = join(folder, `founded-${server.host.replaceAll(/[^a-z0-9.-]/gi, '_')}`);
  const isFounded = () => existsSync(foundedFile);
  const isEmpty = () => !existsSync(server.dataPath) || readdirSync(server.dataPath).length === 0;
  const givenUpFile = join(folder, 'given-up');
  const isHeld = () => existsSync(heldFile);
  let alone = false;
  let crashes = 0;
  let watching = 0;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };

  /** Starts it again when it ends by itself. SIGKILL is no end by itself: it is the sandbox's own breaker. */
  function watch(): void {
    watching += 1;
    const mine = watching;
    void (async () => {
      while (mine === watching && server.running()) {
        const { signal } = await server.ended();
        if (mine !== watching || signal === 'SIGKILL') return;
        crashes += 1;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
        if (mine === watching && !isHeld()) await server.start().catch(() => undefined);
      }
    })();
  }
  const stopAlone = async (): Promise<void> => {
    await server.stopAlone();
    alone = false;
  };
  return {
    server,
    look: () => {
      const state = server.running() ? 'running' : alone ? 'alone' : isHeld() ? 'held' : 'stopped';
      return { state, crashes, ...(server.found ? { empty: isEmpty() } : {}) };
    },
    hold: () =>
      inTurn(async () => {
        // written first: a machine that fails in the middle must not start it
        writeFileSync(heldFile, '');
        watching += 1;
        await stopAlone();
        await server.stop();
      }),
    start: () =>
      inTurn(async () => {
        if (server.found && !isFounded()) throw new Refused('No set was founded on it yet.');
        await stopAlone();
        rmSync(heldFile, { force: true });
        rmSync(givenUpFile, { force: true });
        if (!server.running()) await server.start();
        watch();
      }),
    found: () =>
      inTurn(async () => {
        if (!server.found) throw new Refused('It is a member of a set already: none can be founded on it.');
        if (!isFounded() && !isEmpty()) throw new Refused('It has data that no set was founded with here.');
        // written first: what is half founded when the machine fails is gone on with
        writeFileSync(foundedFile, '');
        rmSync(heldFile, { force: true });
        await server.found();
        watch();
      }),
    startAlone: () =>
      inTurn(async () => {
        if (!isHeld() || server.running()) throw new Refused('It is not held: alone it would end its set.');
        const address = await server.startAlone();
        alone = true;
        return address;
      }),
    wipe: () =>
      inTurn(async () => {
        if (!isHeld() || alone || server.running()) throw new Refused('Only a member that is held can be emptied.');
        rmSync(foundedFile, { force: true });
        if (isEmpty()) return;
        for (const name of readdirSync(server.dataPath)) rmSync(join(server.dataPath, name), { recursive: true });
      }),
    powerOff: () => {
      watching += 1;
      alone = false;
      server.kill();
    },
    powerOn: () =>
      inTurn(async () => {
        crashes = 0;
        await server.stopAlone();
        if (existsSync(givenUpFile)) writeFileSync(heldFile, '');
        if (isHeld() || (server.found && !isFounded())) return;
        await server.start();
        watch();
      }),
    leave: async () => {
      watching += 1;
      await stopAlone();
    },
  };
}
