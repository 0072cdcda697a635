import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Sickness, type SicknessInput } from './sickness.ts';

const MEGABYTE = Buffer.alloc(1_000_000, 'x');

/** Makes a server sick to order. What it strikes was not done, except for `lost_answer`. */
export class SickAnswers {
  #pending: { readonly sickness: Sickness; left: number }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #held = new Set<ServerResponse>();

  /** How often which kind struck. */
  readonly struck: Partial<Record<Sickness['kind'], number>> = {};

  /** @throws ZodError for an order that is none */
  order(input: SicknessInput): void {
    const sickness = Sickness.parse(input);
    this.#pending.push({ sickness, left: sickness.count });
  }

  /** Well again; who was kept waiting is hung up on. */
  clear(): void {
    this.#pending = [];
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers.clear();
    for (const response of this.#held) response.destroy();
    this.#held.clear();
  }

  /** `partsOf` names the parts that a path belongs to. Before `listen`. */
  attach(server: FastifyInstance, partsOf: (path: string) => readonly string[]): void {
    const losing = new WeakSet<object>();
    server.addHook('onRequest', async (request, reply) => {
      const sickness = this.#strike(partsOf(request.url));
      if (sickness === undefined) return;
      if (sickness.kind === 'lost_answer') losing.add(request.raw);
      else this.#answer(sickness, reply);
    });
    server.addHook('onSend', async (request, reply, payload) => {
      if (losing.has(request.raw)) reply.raw.destroy();
      return payload;
    });
  }

  #strike(parts: readonly string[]): Sickness | undefined {
    const met = this.#pending.find(({ sickness }) => sickness.part === undefined || parts.includes(sickness.part));
    if (met === undefined) return undefined;
    met.left -= 1;
    if (met.left <= 0) this.#pending = this.#pending.filter((other) => other !== met);
    this.struck[met.sickness.kind] = (this.struck[met.sickness.kind] ?? 0) + 1;
    return met.sickness;
  }

  #answer(sickness: Exclude<Sickness, { kind: 'lost_answer' }>, reply: FastifyReply): void {
    reply.hijack();
    const { raw } = reply;
    this.#held.add(raw);
    raw.once('close', () => this.#held.delete(raw));
    switch (sickness.kind) {
      case 'status':
        raw.writeHead(sickness.status, { 'content-type': 'text/html' }).end('<h1>Not now</h1>');
        return;
      case 'rate_limit': {
        const { retryAfterSeconds: seconds } = sickness;
        if (seconds !== undefined) raw.setHeader('retry-after', seconds).setHeader('ratelimit-reset', seconds);
        raw.writeHead(429, { 'content-type': 'application/json' });
        raw.end(JSON.stringify({ error: { message: 'Rate Limit Exceeded', code: 2020 } }));
        return;
      }
      case 'silence':
        return;
      case 'slow_bytes':
        raw.writeHead(200, { 'content-type': 'application/json' });
        this.#trickle(raw, sickness.everyMs);
        return;
      case 'garbage':
        raw.writeHead(sickness.status, { 'content-type': 'application/json' }).end('{"status":"succ\u0000');
        return;
      case 'not_http':
        raw.socket?.end('\u0007\u0000 220 smtp ready\r\n');
        return;
      case 'huge':
        raw.writeHead(200, { 'content-type': 'application/json' });
        pour(raw, sickness.megabytes);
        return;
      case 'hang_up':
        raw.destroy();
        return;
      case 'redirect':
        raw.writeHead(302, { location: sickness.to }).end();
        return;
      default:
        sickness satisfies never;
    }
  }

  #trickle(raw: ServerResponse, everyMs: number): void {
    const timer = setInterval(() => raw.write(' '), everyMs);
    this.#timers.add(timer);
    raw.once('close', () => {
      clearInterval(timer);
      this.#timers.delete(timer);
    });
  }
}

/** As fast as the other side takes it. */
function pour(raw: ServerResponse, megabytes: number): void {
  raw.write('{"a":"');
  let left = megabytes;
  const more = (): void => {
    while (left > 0 && !raw.destroyed) {
      left -= 1;
      if (!raw.write(MEGABYTE)) {
        raw.once('drain', more);
        return;
      }
    }
    raw.end('"}');
  };
  more();
}
