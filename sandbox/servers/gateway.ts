import { connect, createServer, type Server, type Socket } from 'node:net';

export type GatewayState =
  /** Passes bytes both ways. */
  | 'open'
  /** Refuses connections and has reset those that were open: the host is down. */
  | 'cut'
  /** Accepts connections and passes nothing, either way: the network swallows packets. */
  | 'paused';

export type Gateway = {
  readonly port: number;
  readonly endpoint: string;
  state(): GatewayState;
  cut(): Promise<void>;
  pause(): Promise<void>;
  restore(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A door in front of a server that can be shut: each region reaches S3, KMS and DNS through its own, so that losing
 * a region takes away its endpoints and no other's. Works below HTTP: bytes and signatures pass unchanged.
 * @param options.targetPort where the real server listens on 127.0.0.1
 */
export async function startGateway(options: { targetPort: number; port?: number }): Promise<Gateway> {
  let state: GatewayState = 'open';
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    track(near);
    if (state === 'paused') near.pause();
    else join(near);
  });

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }
  function join(near: Socket): void {
    const far = connect({ port: options.targetPort, host: '127.0.0.1', allowHalfOpen: true });
    track(far);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
  }
  async function become(next: GatewayState): Promise<void> {
    state = next;
    if (next === 'paused') {
      for (const socket of sockets) socket.unpipe().pause();
    } else {
      // what hung while paused has lost bytes' order guarantees for its caller: reset it, callers retry
      for (const socket of sockets) socket.resetAndDestroy();
    }
    if (next === 'cut') await close(server);
    else if (!server.listening) await listen(server, port);
  }

  const port = await listen(server, options.port ?? 0);
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    state: () => state,
    cut: () => become('cut'),
    pause: () => become('paused'),
    restore: async () => {
      if (state !== 'open') await become('open');
    },
    stop: () => become('cut'),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new Error('The gateway has no address.'));
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) resolve();
    else server.close(() => resolve());
  });
}
