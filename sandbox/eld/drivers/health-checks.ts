import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import type { NameServer } from './name-server.ts';

/** Route 53's fastest interval is 10 s; ten times faster here, so that nobody has to sit and wait. */
const EVERY_MS = 1000;
const TIMEOUT_MS = 2000;
/** So many in a row change the state, in both directions. */
const THRESHOLD = 3;

type Checked = { healthy: boolean; run: number };

/** Plays the health checkers: asks `/health` of every region that has a record, until `signal` aborts. */
export function startHealthChecks(nameServer: NameServer, signal: AbortSignal): (region: string) => boolean {
  const states = new Map<string, Checked>();
  async function check(region: string, port: number): Promise<void> {
    const url = `http://127.0.0.1:${port}/health`;
    const well = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
    const state = states.get(region) ?? { healthy: true, run: 0 };
    states.set(region, state);
    state.run = well === state.healthy ? 0 : state.run + 1;
    if (state.run >= THRESHOLD) {
      state.healthy = well;
      state.run = 0;
    }
  }
  const loop = async () => {
    while (!signal.aborted) {
      const records = await nameServer.records();
      const round = Promise.all(records.map(({ region, port }) => check(region, port)));
      await Promise.all([round, sleep(EVERY_MS, undefined, { signal }).catch(() => undefined)]);
    }
  };
  void loop();
  return (region) => states.get(region)?.healthy ?? true;
}
