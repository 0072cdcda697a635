import { connect, createServer, type Server, type Socket } from 'node:net';

export type LoadBalancer = {
  readonly port: number;
  /** Refuses connections and resets the open ones: the region is down. */
  powerOff(): Promise<void>;
  powerOn(): Promise<void>;
};

/**
 * A Service of type LoadBalancer: one port a region in front of its ready pods, each new connection to the next one.
 * @param readyPorts the ports of the pods that are ready now; with none, connections are reset
 */
export async function startLoadBalancer(readyPorts: () => readonly number[], port = 0): Promise<LoadBalancer> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((near) => {
    track(near);
    const ports = readyPorts();
    turn += 1;
    const target = ports[turn % Math.max(1, ports.length)];
    if (target === undefined) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    track(far);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  function track(socket: Socket): void {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }
  const bound = await listen(server, port);
  return {
    port: bound,
    async powerOff() {
      const closed = new Promise<void>((resolve) => {
        if (server.listening) server.close(() => resolve());
        else resolve();
      });
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    async powerOn() {
      if (!server.listening) await listen(server, bound);
    },
  };
}

/** Listens on 127.0.0.1 and says where. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new Error('The load balancer has no address.'));
    });
  });
}
