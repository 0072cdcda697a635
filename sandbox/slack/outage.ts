import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Delivered, type Delivery, type Envelope, unreachable } from './delivery.ts';
import type { Listener } from './listener.ts';
import type { SocketMode } from './socket-mode.ts';

/** How Slack is away: nobody listens, or connections are taken and never answered. */
export type CutKind = 'refuse' | 'hang';

/** Slack gone for everybody, the app and the people, until a time or until mended. */
export class Outage {
  #how: CutKind | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #held = new Set<Socket>();
  readonly #listener: Listener;
  readonly #sockets: SocketMode;
  readonly #onChange: (active: boolean) => void;

  constructor(listener: Listener, sockets: SocketMode, onChange: (active: boolean) => void) {
    this.#listener = listener;
    this.#sockets = sockets;
    this.#onChange = onChange;
  }

  get active(): boolean {
    return this.#how !== undefined;
  }

  /** Holds requests that arrive while Slack hangs; they get no answer, not even a refusal. */
  guard(server: FastifyInstance): void {
    server.addHook('onRequest', async (request, reply) => {
      if (this.#how !== 'hang') return;
      this.#held.add(request.raw.socket);
      reply.hijack();
    });
  }

  /** A delivery that reaches nobody while Slack is away. */
  wrap(delivery: Delivery): Delivery {
    return {
      deliver: (envelope: Envelope): Promise<Delivered> =>
        this.active ? Promise.resolve(unreachable) : delivery.deliver(envelope),
    };
  }

  /** Begins (or prolongs) an outage that ends by itself. */
  async begin(seconds: number, how: CutKind): Promise<void> {
    await this.end();
    this.#how = how;
    if (how === 'hang') this.#sockets.mute(true);
    else {
      this.#sockets.drop();
      await this.#listener.shut();
    }
    this.#timer = setTimeout(() => void this.end(), seconds * 1000);
    this.#onChange(true);
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#how === undefined) return;
    this.#how = undefined;
    for (const socket of this.#held) socket.destroy();
    this.#held.clear();
    this.#sockets.mute(false);
    await this.#listener.open();
    this.#onChange(false);
  }
}
