import { connect, createServer, type Socket } from 'node:net';

/**
 * What a region's services do. `gone`: connections are reset; `hanging`: taken, and nothing ever answered; `refusing`: told
 * to slow down; `cutting`: answers and uploads end in the middle.
 */
export type Shaking = 'open' | 'gone' | 'hanging' | 'refusing' | 'cutting';

export interface ShakyGateway {
  readonly endpoint: string;
  become(next: Shaking): void;
  stop(): Promise<void>;
}

const BODY =
  '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';
const SLOW_DOWN = `HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`;
/** Past the headers of most answers, and within the body of most uploads. */
const CUT_AFTER_BYTES = 1_500;

/** A door in front of one server, on a free port of 127.0.0.1. What was on its way when it changes is reset. */
export async function startShakyGateway(targetPort: number): Promise<ShakyGateway> {
  let state: Shaking = 'open';
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const join = (near: Socket): void => {
    const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    track(far);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
    if (state === 'cutting') {
      let bytes = 0;
      far.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes > CUT_AFTER_BYTES) near.resetAndDestroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    track(near);
    if (state === 'gone') near.resetAndDestroy();
    else if (state === 'hanging') near.pause();
    else if (state === 'refusing') near.once('data', () => near.end(SLOW_DOWN));
    else join(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('The gateway has no address.');
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    become(next) {
      state = next;
      reset();
    },
    async stop() {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
