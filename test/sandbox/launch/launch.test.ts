import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makeFolder,
  needPort,
  pagePort,
  partLine,
  sandboxFolder,
  startOptions,
  startOver,
  takeFolder,
} from '#sandbox/launch';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a port in use is said with the process that has it, and a free one is offered', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  try {
    await expect(needPort(port)).rejects.toThrow(
      new RegExp(`^Port ${port} is in use by process ${process.pid} \\(node.*\\)\\. Use another: PORT=\\d+ npm start$`),
    );
  } finally {
    server.close();
  }
  await expect(needPort(port)).resolves.toBeUndefined();
});

test('--fresh counts with and without the dashes that npm wants before it, and what is not known starts nothing', () => {
  expect(startOptions([], {})).toEqual({ fresh: false, help: false });
  expect(startOptions(['--fresh'], {})).toEqual({ fresh: true, help: false });
  // npm start --fresh: npm takes it for its own
  expect(startOptions([], { npm_config_fresh: 'true' })).toEqual({ fresh: true, help: false });
  for (const typed of [['--frehs'], ['fresh'], ['--fresh=no']]) {
    expect(() => startOptions(typed, {})).toThrow(`npm start does not know ${typed}.\n\nnpm start   `);
  }
});

test('a PORT that is none is refused with an example', () => {
  expect(pagePort({})).toBe(4000);
  expect(() => pagePort({ PORT: 'http' })).toThrow('PORT=http is not a port. Use one: PORT=4010 npm start');
});

test('a second start in the same folder is refused; a folder left by a killed one is taken over', () => {
  const giveBack = takeFolder(folder, () => 'http://127.0.0.1:4000');
  expect(() => takeFolder(folder, () => 'http://127.0.0.1:4000')).toThrow(
    `The sandbox of this folder already runs, process ${process.pid}: http://127.0.0.1:4000. Stop it there with Ctrl-C`,
  );
  giveBack();
  writeFileSync(join(folder, 'running.pid'), '999999999');
  takeFolder(folder, () => undefined)();
});

test('a first start needs room; what is there already is kept and needs none', () => {
  expect(() => makeFolder(folder, () => 800)).toThrow(
    'Needs 1.9 GB in this folder, 0.8 GB free. Put it elsewhere: HOLDFAST_SANDBOX_DIR=...',
  );
  mkdirSync(join(folder, 'company'));
  makeFolder(folder, () => 800);
  startOver(folder);
  expect(() => makeFolder(folder, () => 800)).toThrow('Needs 1.9 GB');
});

test('the folder can be named, and lines stand under those of the set-up', () => {
  expect(sandboxFolder('/code', {})).toBe('/code/.sandbox');
  expect(sandboxFolder('/code', { HOLDFAST_SANDBOX_DIR: '/data' })).toBe('/data');
  expect(partLine(5, 'replica set, 3 members', 'primary east-1', 4200)).toBe(
    ' 5/7 replica set, 3 members     primary east-1   0:04',
  );
});
