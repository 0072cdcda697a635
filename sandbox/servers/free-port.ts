import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/**
 * Below what Linux (32768), macOS and Windows (49152) hand to outgoing connections: a port of theirs that was free a moment
 * ago is taken by the next connection of a company that is starting, and its server fails to start.
 */
const FIRST = 15_000;
const LAST = 32_000;
const TRIES = 100;

/** A port on 127.0.0.1 that nothing listens on right now. Another starting server may take it before you do: retry. */
export async function freePort(): Promise<number> {
  for (let tries = 1; tries < TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  return bindOnce(0);
}

/** True when 127.0.0.1:`port` can be listened on right now. */
export const isFree = (port: number): Promise<boolean> =>
  bindOnce(port).then(
    () => true,
    () => false,
  );

function bindOnce(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The probe for a free port has no address.'));
      });
    });
  });
}

/** True when something accepts connections on 127.0.0.1:`port`. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
