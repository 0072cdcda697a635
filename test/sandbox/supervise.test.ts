import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { accepts, dataDir, freePort, until } from '#sandbox/servers';
import { type ProcessSpec, supervise } from '../../sandbox/supervise.ts';

const dir = dataDir(undefined, 'supervise');
afterAll(() => dir.remove());

const listener = (port: number) =>
  `require('node:net').createServer().listen(${port}, '127.0.0.1'); console.log('listening')`;

async function service(name: string, restart: ProcessSpec['restart'], more: Partial<ProcessSpec> = {}) {
  const port = await freePort();
  const spec = { name, region: 'us-east-1', restart, args: ['-e', listener(port)], isReady: () => accepts(port) };
  const supervised = supervise({ ...spec, ...more }, dir.path);
  onTestFinished(() => supervised.stop(0));
  return { port, supervised };
}

it('waits until the process is ready, keeps its output, and stops it', async () => {
  const { port, supervised } = await service('stops', { kind: 'never' });
  expect(supervised.state()).toBe('down');
  await supervised.start();
  expect(supervised.state()).toBe('running');
  await supervised.stop();
  expect(supervised.state()).toBe('down');
  expect(await accepts(port)).toBe(false);
  const log = await readFile(supervised.logFile, 'utf8');
  expect(log).toMatch(/started, process \d+\nlistening\n--- stops: ended, SIGTERM\n$/);
});

it('takes over nothing from the shell but what every program needs', async () => {
  process.env['HOLDFAST_STRAY'] = 'left over';
  onTestFinished(() => {
    delete process.env['HOLDFAST_STRAY'];
  });
  const supervised = supervise(
    {
      name: 'clean',
      region: 'us-east-1',
      restart: { kind: 'never' },
      args: ['-p', 'JSON.stringify([process.env.HOLDFAST_STRAY, process.env.GIVEN, process.env.PATH])'],
      env: { GIVEN: 'yes' },
    },
    dir.path,
  );
  await supervised.start();
  await until('it has ended', async () => supervised.lastExit() !== undefined);
  const log = await readFile(supervised.logFile, 'utf8');
  expect(log).toContain(JSON.stringify([null, 'yes', process.env['PATH']]));
});

it('brings a crashed process back, and not one that was stopped', async () => {
  const { port, supervised } = await service('comes-back', { kind: 'always', delayMs: 20, maxDelayMs: 100 });
  await supervised.start();
  const first = supervised.pid();
  supervised.kill('SIGKILL');
  await until('it is back', async () => supervised.pid() !== first && (await accepts(port)));
  expect(supervised.restarts()).toBe(1);
  expect(supervised.lastExit()?.signal).toBe('SIGKILL');
  await supervised.stop(0);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(supervised.state()).toBe('down');
  await supervised.start();
  expect(await accepts(port)).toBe(true);
});

it('leaves a crashed process down when it is not to come back', async () => {
  const { supervised } = await service('stays-down', { kind: 'never' });
  await supervised.start();
  supervised.kill('SIGKILL');
  await until('it is down', async () => supervised.state() === 'down');
  expect(supervised.restarts()).toBe(0);
});

it('kills a process that does not listen to SIGTERM', async () => {
  const { supervised } = await service(
    'stubborn',
    { kind: 'never' },
    {
      args: ['-e', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')`],
      isReady: async () => (await readFile(join(dir.path, 'stubborn.log'), 'utf8')).includes('up'),
    },
  );
  await supervised.start();
  await supervised.stop(100);
  expect(supervised.lastExit()?.signal).toBe('SIGKILL');
});

it('says which process did not get ready, and where its log is', async () => {
  const never = { isReady: async () => false, readyWithinMs: 100 };
  const { supervised } = await service('never-ready', { kind: 'never' }, never);
  await expect(supervised.start()).rejects.toThrow(/never-ready is ready \(.*never-ready\.log\)/);
});

it('Ctrl-C ends everything within 5 s, even a child that does not listen and a stop that hangs', async () => {
  const port = await freePort();
  const file = join(dir.path, 'main.mjs');
  const sandbox = join(import.meta.dirname, '../../sandbox');
  await writeFile(
    file,
    `import { supervise } from '${sandbox}/supervise.ts';
     import { stopOnSignal } from '${sandbox}/stop-signals.ts';
     const deaf = "process.on('SIGTERM', () => {}); ${listener(port).replaceAll("'", '`')}";
     const child = supervise({ name: 'deaf', region: 'us-east-1', restart: { kind: 'never' }, args: ['-e', deaf] }, '${dir.path}');
     stopOnSignal(async () => { await child.stop(60_000); }, 500);
     await child.start();
     console.log('up');`,
  );
  const main = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => main.stdout.once('data', resolve));
  await until('the child listens', () => accepts(port));
  const ended = new Promise((resolve) => main.once('exit', resolve));
  main.kill('SIGINT');
  await ended;
  await until('the child is gone', async () => !(await accepts(port)), { withinMs: 2000 });
});
