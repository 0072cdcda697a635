import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canSeparate, type Network, startNetwork } from '#sandbox/network';
import { type Child, freePort, runIn, startChild } from '#sandbox/servers';

/** Says back what it is told, and to a port number `N` what is said by whoever listens on N, as it is seen from there. */
const ECHO = `require('node:net').createServer((s) => s.on('error', () => s.destroy()).on('data', (d) => {
  const to = Number(String(d).match(/^ask (\\d+)/)?.[1]);
  if (!to) return s.write('echo ' + d);
  const far = require('node:net').connect(to, '127.0.0.1').on('error', (e) => s.write(e.code));
  far.write('hello'); far.on('data', (a) => s.write('heard ' + a));
})).listen(Number(process.argv[1]), '127.0.0.1')`;

const EAST = 'us-east-1';
const WEST = 'us-west-2';
const separate = canSeparate();
const dir = mkdtempSync(join(tmpdir(), 'holdfast-network-'));
const children: Child[] = [];
const ports = new Map<string, number>();
let network: Network;

beforeAll(async () => {
  if (!separate) return;
  network = await startNetwork([EAST, WEST]);
  for (const region of [EAST, WEST]) {
    const place = network.place(region);
    const port = await freePort();
    ports.set(region, port);
    await place.expose(port);
    const ran = runIn(place, process.execPath, ['-e', ECHO, String(port)]);
    children.push(await startChild({ ...ran, logFile: join(dir, `${region}.log`) }));
  }
}, 30_000);
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop()));
  await network?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const portOf = (region: string): number => ports.get(region) ?? 0;
const open: Socket[] = [];
afterAll(() => {
  for (const socket of open) socket.destroy();
});

/** A connection from outside to a region's server: what it said so far. */
function talkTo(region: string): { say(text: string): void; heard(): string } {
  const socket = connect(portOf(region), '127.0.0.1');
  open.push(socket);
  let heard = '';
  socket.on('data', (data) => {
    heard += String(data);
  });
  socket.on('error', () => undefined);
  return { say: (text) => void socket.write(text), heard: () => heard };
}
/** Asks until the server is up: what it answered within the time given. */
async function answer(region: string, text: string, withinMs = 3_000): Promise<string> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    const line = talkTo(region);
    line.say(text);
    for (let wait = 0; wait < 10 && line.heard() === ''; wait += 1) await sleep(30);
    if (line.heard() !== '') return line.heard();
  }
  return '';
}

test.runIf(separate)('each region is reached at its own address from outside and from the other one', async () => {
  expect(await answer(EAST, 'hello')).toBe('echo hello');
  expect(await answer(WEST, 'hello')).toBe('echo hello');
  expect(await answer(EAST, `ask ${portOf(WEST)}`)).toBe('heard echo hello');
  // its own loopback: what nobody exposed is not there
  expect(await answer(EAST, 'ask 1')).toBe('ECONNREFUSED');
});

test.runIf(separate)(
  'cut off, no region hears of the other, both hear from outside, and new lines come up when it is mended',
  async () => {
    await network.cutOff(EAST);
    const waiting = talkTo(EAST);
    waiting.say(`ask ${portOf(WEST)}`);
    expect(await answer(WEST, `ask ${portOf(EAST)}`, 400)).toBe('');
    expect(await answer(EAST, `ask ${portOf(EAST)}`)).toBe('heard echo hello');
    expect(waiting.heard()).toBe('');
    await network.mend();
    expect(await answer(WEST, `ask ${portOf(EAST)}`)).toBe('heard echo hello');
    for (let wait = 0; wait < 50 && waiting.heard() === ''; wait += 1) await sleep(20);
    expect(waiting.heard()).toBe('heard echo hello');
  },
);

test.runIf(separate)('cut in one direction, what is said there is heard and not answered', async () => {
  // through the east's server to the west's: the way there is free, the way back is not
  await network.block(WEST, EAST);
  expect(await answer(EAST, `ask ${portOf(WEST)}`, 400)).toBe('');
  expect(await answer(WEST, 'hello')).toBe('echo hello');
  await network.mend();
  expect(await answer(EAST, `ask ${portOf(WEST)}`)).toBe('heard echo hello');
});
