import { createServer } from 'node:http';
import type { RunPod } from '#sandbox/kubernetes';

/** Instances that are real HTTP servers but live in this process: what is tested is who starts and ends them. */
export function smallInstances() {
  const running = new Set<string>();
  let drained = 0;
  const run: RunPod = async ({ name }) => {
    const server = createServer((_request, response) => response.end(name));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running.add(name);
    let finish: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const end = () => {
      running.delete(name);
      server.close(() => finish?.());
      server.closeAllConnections();
    };
    const address = server.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : 0,
      ended,
      stop: async () => {
        drained += 1;
        end();
        await ended;
      },
      kill: end,
    };
  };
  return { run, running, drained: () => drained };
}
