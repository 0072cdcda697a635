import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetch } from 'undici';
import { accepts, COMPILE_CACHE, freePort, startChild, until } from '#sandbox/servers';
import type { DriversSettings } from './drivers/settings.ts';

export type DriversOptions = Omit<DriversSettings, 'port'> & {
  readonly port?: number;
  readonly logFile: string;
};

export type Drivers = {
  readonly url: string;
  readonly statsUrl: string;
  readonly acknowledgedWritesUrl: string;
  pid(): number;
  /** Lets drivers that were to wait drive, and counts pauses from now on. Idempotent. */
  begin(): Promise<void>;
  /** Lets every driver finish the write under way. Idempotent. */
  stop(): Promise<void>;
};

const PROGRAM = fileURLToPath(new URL('./drivers/eld-drivers.ts', import.meta.url));

/** Starts the simulated drivers, one process, and returns when they drive, or can be told to begin. A ledger from an earlier start goes on. */
export async function startDrivers({ logFile, ...options }: DriversOptions): Promise<Drivers> {
  mkdirSync(dirname(logFile), { recursive: true });
  mkdirSync(dirname(options.ledger), { recursive: true });
  const port = options.port ?? (await freePort());
  const settings: DriversSettings = { ...options, port };
  const child = await startChild({
    program: process.execPath,
    args: [PROGRAM],
    logFile,
    env: {
      ...process.env,
      ...COMPILE_CACHE,
      ELD_DRIVERS_SETTINGS: JSON.stringify(settings),
    },
  });
  await until(`the drivers listen on ${port} (${logFile})`, async () => !child.running() || (await accepts(port)));
  if (!child.running()) throw new Error(`The drivers ended at once; their log: ${logFile}`);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    statsUrl: `${url}/stats`,
    acknowledgedWritesUrl: `${url}/acknowledged`,
    pid: () => child.pid,
    begin: async () => {
      for (const path of ['/stats/reset', '/begin']) await fetch(`${url}${path}`, { method: 'POST' });
    },
    stop: async () => {
      await child.stop(6000);
    },
  };
}
