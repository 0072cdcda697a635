import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { httpTraffic } from '#adapters/traffic';
import { Region, sha256 } from '#core';

const EAST = Region.parse('us-east-1');
const FROM = new Date('2026-11-23T08:00:00Z');
const UNTIL = new Date('2026-11-23T08:01:00Z');
const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE', kind: 'transient' };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Traffic asked of a server that answers like this. */
async function trafficOf(answer: RequestListener, withinMs = 300) {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  return httpTraffic({
    statsUrl: `${url}/stats`,
    acknowledgedWritesUrl: `${url}/acknowledged`,
    serviceUrl: async () => url,
    withinMs,
  });
}

async function listed(traffic: Awaited<ReturnType<typeof trafficOf>>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of traffic.acknowledged(FROM, UNTIL)) ids.push(id);
  return ids;
}

const line = (id: string): string => `${JSON.stringify({ id, hash: sha256(id), at: FROM })}\n`;

test('figures and the list of acknowledged writes are read as they were given', async () => {
  const byRegion = [{ region: EAST, acknowledged: 7, failed: 1 }];
  let asked: string | undefined;
  const traffic = await trafficOf((request, response) => {
    asked = request.url;
    response.end(
      request.url === '/stats' ? JSON.stringify({ windowMs: 1_000, byRegion, more: 'ignored' }) : line('a') + line('b'),
    );
  });
  expect(await traffic.view()).toEqual({ windowMs: 1_000, byRegion });
  expect(await listed(traffic)).toEqual(['a', 'b']);
  expect(asked).toBe('/acknowledged?since=2026-11-23T08%3A00%3A00.000Z&until=2026-11-23T08%3A01%3A00.000Z');
});

test('a list that was cut is an error, never a short list: what is missing would not be looked for', async () => {
  const cutMidLine = await trafficOf((_request, response) => response.end(line('a') + line('b').slice(0, -5)));
  await expect(listed(cutMidLine)).rejects.toMatchObject(UNAVAILABLE);
  const brokenOff = await trafficOf((_request, response) => {
    response.write(line('a'), () => response.destroy());
  });
  await expect(listed(brokenOff)).rejects.toMatchObject(UNAVAILABLE);
  const otherLines = await trafficOf((_request, response) => response.end(`${line('a')}{"id":"b"}\n`));
  await expect(listed(otherLines)).rejects.toMatchObject(UNAVAILABLE);
});

test('a list that stands still ends in bounded time; one that is only long does not', async () => {
  const still = await trafficOf((_request, response) => void response.write(line('a')), 100);
  await expect(listed(still)).rejects.toMatchObject(UNAVAILABLE);
  const slow = await trafficOf((_request, response) => {
    let given = 0;
    const timer = setInterval(() => {
      given += 1;
      response.write(line(String(given)));
      if (given < 8) return;
      clearInterval(timer);
      response.end();
    }, 40);
  }, 200);
  expect(await listed(slow)).toHaveLength(8);
});

test('an error, an answer that is not figures, and nobody there are all unavailable', async () => {
  const refusing = await trafficOf((_request, response) => response.writeHead(503).end());
  await expect(refusing.view()).rejects.toMatchObject(UNAVAILABLE);
  const talking = await trafficOf((_request, response) => response.end('<html>'));
  await expect(talking.view()).rejects.toMatchObject(UNAVAILABLE);
  const silent = await trafficOf(() => undefined, 100);
  await expect(silent.view()).rejects.toMatchObject(UNAVAILABLE);
  const gone = await trafficOf(() => undefined);
  servers.splice(0).map((server) => server.close().closeAllConnections());
  await expect(gone.view()).rejects.toMatchObject(UNAVAILABLE);
});

test('a probe counts only what came back with the hash that was acknowledged', async () => {
  let written = 0;
  const traffic = await trafficOf((request, response) => {
    const id = request.url?.split('/').at(-1) ?? '';
    if (request.method === 'GET') {
      response.end(JSON.stringify({ id, hash: sha256('one') }));
      return;
    }
    written += 1;
    // The first is refused three times over, the second is acknowledged with another hash, the third is well.
    const answer = { acknowledged: true, hash: sha256(written === 4 ? 'another' : 'one') };
    if (written <= 3) response.writeHead(500).end();
    else response.end(JSON.stringify(answer));
  });
  expect(await traffic.probe(EAST, 1)).toEqual({ written: 0, readBack: 0 });
  expect(await traffic.probe(EAST, 1)).toEqual({ written: 1, readBack: 0 });
  expect(await traffic.probe(EAST, 1)).toEqual({ written: 1, readBack: 1 });
});
