import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Delivered, Delivery, Envelope } from './delivery.ts';
import { timedOut, unreachable } from './delivery.ts';
import type { SlackLimits } from './limits.ts';
import { APP } from './settings.ts';

const Ack = z.looseObject({ envelope_id: z.string(), payload: z.unknown().optional() });

/** Why Slack asks a client to come back on a new socket. */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

/**
 * Socket Mode: one-time tickets, `hello` with the number of connections, envelopes acknowledged by id
 * within 3 s, each payload to one socket only. A second delivery of the same envelope never happens:
 * whether a payload is repeated is the caller's matter (events are, interactions are not).
 */
export class SocketMode implements Delivery {
  readonly #wss = new WebSocketServer({ noServer: true });
  readonly #sockets: WebSocket[] = [];
  readonly #tickets = new Set<string>();
  readonly #waiting = new Map<string, (delivered: Delivered) => void>();
  readonly #limits: SlackLimits;
  readonly #pinger: NodeJS.Timeout;
  #turn = 0;
  #muted = false;
  readonly #held = new Set<Duplex>();

  constructor(limits: SlackLimits) {
    this.#limits = limits;
    this.#pinger = setInterval(() => {
      if (!this.#muted) for (const socket of this.#sockets) socket.ping();
    }, limits.pingEveryMs);
  }

  get connections(): number {
    return this.#sockets.length;
  }

  /** A one-time URL for apps.connections.open. */
  issueUrl(base: string): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `${base.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${APP.id}`;
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.#muted) {
        this.#held.add(socket);
        return;
      }
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      if (!this.#tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
        return;
      }
      this.#wss.handleUpgrade(request, socket, head, (client) => this.#welcome(client));
    });
  }

  deliver(envelope: Envelope): Promise<Delivered> {
    if (this.#muted) return Promise.resolve(unreachable);
    const socket = this.#sockets[this.#turn++ % Math.max(1, this.#sockets.length)];
    if (socket === undefined) return Promise.resolve(unreachable);
    const envelopeId = randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(envelopeId, timedOut), this.#limits.ackWithinMs);
      this.#waiting.set(envelopeId, (delivered) => {
        clearTimeout(timer);
        resolve(delivered);
      });
      socket.send(
        JSON.stringify({
          envelope_id: envelopeId,
          type: envelope.kind,
          accepts_response_payload: envelope.kind !== 'events_api',
          payload: envelope.payload,
          ...(envelope.kind === 'events_api'
            ? { retry_attempt: envelope.retry?.number ?? 0, retry_reason: envelope.retry?.reason ?? '' }
            : {}),
        }),
      );
    });
  }

  /** Sends `disconnect` on every socket, as Slack does when it recycles a host. The client reconnects. */
  askToReconnect(reason: DisconnectReason): void {
    for (const socket of this.#sockets) {
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-sandbox' } }));
    }
  }

  /** Drops every socket without a word, as a lost network does. */
  drop(): void {
    for (const socket of [...this.#sockets]) socket.terminate();
  }

  /** While muted, sockets stay open and silent (no pings, no payloads), and new ones get no answer. */
  mute(muted: boolean): void {
    this.#muted = muted;
    for (const socket of this.#held) socket.destroy();
    this.#held.clear();
  }

  close(): void {
    clearInterval(this.#pinger);
    this.mute(true);
    this.drop();
    this.#wss.close();
    for (const envelopeId of this.#waiting.keys()) this.#settle(envelopeId, unreachable);
  }

  #welcome(socket: WebSocket): void {
    if (this.#sockets.length >= this.#limits.maxSockets) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      socket.close();
      return;
    }
    this.#sockets.push(socket);
    socket.on('close', () => this.#sockets.splice(this.#sockets.indexOf(socket), 1));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => this.#hear(String(data)));
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#sockets.length,
        connection_info: { app_id: APP.id },
        debug_info: { host: 'applink-sandbox', approximate_connection_time: 18_060 },
      }),
    );
  }

  #hear(text: string): void {
    const ack = Ack.safeParse(jsonOrUndefined(text));
    if (ack.success) this.#settle(ack.data.envelope_id, { state: 'acked', body: emptyAsNothing(ack.data.payload) });
  }

  #settle(envelopeId: string, delivered: Delivered): void {
    this.#waiting.get(envelopeId)?.(delivered);
    this.#waiting.delete(envelopeId);
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The SDK sends `payload: {}` for an ack without content. */
function emptyAsNothing(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && Object.keys(payload).length === 0 ? undefined : payload;
}
