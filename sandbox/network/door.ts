import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { joinLine, type Line } from './line.ts';
import { direction, type Port, type Wiring } from './wiring.ts';

export interface Door {
  /** Listens on every port of other places, and blocks what is blocked. Resolves when it does. */
  wire(wiring: Wiring): Promise<void>;
  close(): Promise<void>;
}

/** Connections between places go through files: a socket in the file system is the same in every network namespace. */
export const doorFile = (folder: string, place: string): string => join(folder, `${place}.sock`);

/** One place's way to all others: it listens here on their ports, and lets them in to the ports that are here. */
export async function openDoor(folder: string, place: string): Promise<Door> {
  const listening = new Map<number, Server>();
  const lines = new Map<Line, string>();
  const waiting = new Map<Socket, Port>();
  const sockets = new Set<Socket>();
  let blocked = new Set<string>();

  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const out = (owner: string): boolean => !blocked.has(direction(place, owner));
  const back = (owner: string): boolean => !blocked.has(direction(owner, place));

  /** Nobody gets a connection while either direction is blocked: an answer to the greeting would be missing. */
  function begin(near: Socket, to: Port): void {
    if (!out(to.owner) || !back(to.owner)) {
      waiting.set(near, to);
      near.once('close', () => waiting.delete(near));
      return;
    }
    const far = connect(doorFile(folder, to.place));
    track(far);
    far.write(`${to.port}\n`);
    const line = joinLine(near, far);
    lines.set(line, to.owner);
    near.once('close', () => lines.delete(line));
    line.let(true, true);
  }

  async function listenOn(port: Port): Promise<void> {
    const server = createServer({ pauseOnConnect: true }, (near) => {
      track(near);
      begin(near, port);
    });
    listening.set(port.port, server);
    await listen(server, { port: port.port, host: '127.0.0.1' });
  }

  const inbound = createServer((far) => {
    track(far);
    let head = '';
    const read = (chunk: Buffer): void => {
      const text = chunk.toString('latin1');
      const end = text.indexOf('\n');
      head += end === -1 ? text : text.slice(0, end);
      if (end === -1) return;
      far.off('data', read).pause();
      const rest = chunk.subarray(end + 1);
      if (rest.length > 0) far.unshift(rest);
      const near = connect({ port: Number(head), host: '127.0.0.1' });
      track(near);
      joinLine(far, near).let(true, true);
    };
    far.on('data', read);
  });
  await listen(inbound, { path: doorFile(folder, place) });

  return {
    async wire({ ports, blocked: now }) {
      blocked = new Set(now);
      const wanted = new Map(ports.filter((each) => each.place !== place).map((each) => [each.port, each]));
      for (const [port, server] of listening) {
        if (wanted.has(port)) continue;
        listening.delete(port);
        server.close();
      }
      await Promise.all([...wanted.values()].filter(({ port }) => !listening.has(port)).map(listenOn));
      for (const [line, owner] of lines) line.let(out(owner), back(owner));
      for (const [near, to] of waiting) {
        waiting.delete(near);
        begin(near, to);
      }
    },
    async close() {
      for (const server of [inbound, ...listening.values()]) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function listen(server: Server, where: { port: number; host: string } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
