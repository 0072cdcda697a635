import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthAgent, httpHealthLook } from '#adapters/probes';
import { systemClock } from '#core';
import { createRounds, type Probe } from '#detection';

const answers: Record<string, (response: ServerResponse) => void> = {
  '/ok': (response) => response.end('{"healthy":true}'),
  '/plain': (response) => response.end('OK'),
  '/down': (response) => response.writeHead(503).end('{"healthy":false,"reason":"no <!channel> majority\\n"}'),
  '/closed': (response) => response.writeHead(503).end('{"healthy":false,"reason":"region-closed"}'),
  '/says-no': (response) => response.end('{"healthy":false,"reason":"no majority"}'),
  '/elsewhere': (response) => response.writeHead(302, { location: '/ok' }).end(),
  '/late': (response) => setTimeout(() => response.end('OK'), 300),
  '/silent': () => undefined,
  '/bytes': (response) => {
    const drip = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(drip));
  },
  '/endless': (response) => {
    const pour = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', pour);
    pour();
  },
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setTimeout(() => response.destroy(), 20);
  },
};

describe('a look at a service over HTTP', () => {
  let server: Server;
  let origin = '';
  let sent = 0;
  const agent = healthAgent();
  const garbage = createTcp((socket) => {
    socket.on('error', () => undefined);
    socket.end('\u0000\u0001 this is no HTTP\r\n\r\n', () => socket.destroy());
  });
  beforeAll(async () => {
    server = createServer((request, response) => {
      const before = request.socket.bytesWritten;
      response.on('close', () => {
        sent = request.socket.bytesWritten - before;
      });
      answers[request.url ?? '']?.(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${portOf(server)}`;
  });
  afterAll(async () => {
    await agent.destroy();
    server.closeAllConnections();
    await Promise.all([server, garbage].map((each) => new Promise((resolve) => each.close(resolve))));
  });
  const ask = (url: string, slowMs = 10_000, withinMs = 10_000) =>
    httpHealthLook({ url, slowMs, clock: systemClock, agent })(AbortSignal.timeout(withinMs));

  it.each(['/ok', '/plain'])('%s is well', async (path) => {
    expect(await ask(origin + path)).toMatchObject({ state: 'well', numbers: { status: 200 } });
  });

  it.each([
    ['/down', 'service answers 503', { quote: 'no <!channel> majority' }],
    ['/says-no', 'service says that it does not work', { quote: 'no majority' }],
    ['/elsewhere', 'service answers 302', 'without a reason'],
    ['/cut', 'service does not finish its answer', expect.anything()],
    ['/endless', 'service answers garbage', 'more than 64 kB'],
  ])('%s has failed, with the reason', async (path, what, reason) => {
    expect(await ask(origin + path)).toMatchObject({ state: 'failed', what, words: [reason] });
  });

  it('takes a region that waits for its turn for well, and one that should serve for failed', async () => {
    const look = (isClosed?: () => Promise<boolean>) => {
      const parts = { url: `${origin}/closed`, slowMs: 10_000, clock: systemClock, agent };
      return httpHealthLook({ ...parts, ...(isClosed ? { isClosed } : {}) })(AbortSignal.timeout(10_000));
    };
    expect(await look(async () => true)).toMatchObject({ state: 'well', numbers: { status: 503 } });
    for (const isClosed of [undefined, async () => false, async () => Promise.reject(new Error('no store'))]) {
      expect(await look(isClosed)).toMatchObject({ state: 'failed', words: [{ quote: 'region-closed' }] });
    }
    const asked = httpHealthLook({
      ...{ url: `${origin}/down`, slowMs: 10_000, clock: systemClock, agent, isClosed: async () => true },
    });
    expect(await asked(AbortSignal.timeout(10_000))).toMatchObject({ state: 'failed' });
  });

  it('cuts an answer without end after some kilobytes', async () => {
    await ask(`${origin}/endless`);
    await expect.poll(() => sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(10_000_000);
  });

  it('takes an answer that comes too late for a failure, and says both times', async () => {
    expect(await ask(`${origin}/late`, 250)).toMatchObject({ state: 'failed', what: 'service answers too slowly' });
    expect(await ask(`${origin}/late`)).toMatchObject({ state: 'well' });
  });

  it('calls what speaks no HTTP, and what is not there, a failure', async () => {
    expect(await ask(`http://127.0.0.1:${portOf(garbage)}/`)).toMatchObject({ state: 'failed' });
    expect(await ask('http://127.0.0.1:1/')).toMatchObject({ state: 'failed', what: 'service does not answer' });
  });

  it.each(['/silent', '/bytes'])(
    '%s ends at the deadline of the round, and leaves no connection behind',
    async (path) => {
      const probe: Probe = {
        name: 'http',
        check: 'application_response',
        subject: 'ELD',
        speaksFor: 'check',
        run: httpHealthLook({ url: origin + path, slowMs: 5_000, clock: systemClock, agent }),
      };
      const rounds = createRounds({ probes: [probe], withinMs: 200, clock: systemClock });
      const [seen] = await rounds.round();
      expect(seen?.result).toMatchObject({ state: 'failed', words: ['no answer in 0.2 s'] });
      await expect.poll(() => rounds.open()).toBe(0);
      const busy = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
      await expect.poll(busy).toBeLessThan(3);
    },
  );
});

function portOf(server: { address(): ReturnType<Server['address']> }): number {
  const at = server.address();
  return typeof at === 'object' && at ? at.port : 0;
}
