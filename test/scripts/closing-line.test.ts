import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const root = dirname(dirname(import.meta.dirname));

const CONFIG = `export default { test: { include: ['test/*.test.ts'], reporters: ['./test/support/reporter.ts'] } };`;
const harmless = { typecheck: 'tsc --version', lint: 'biome --version', law: 'depcruise --version' };

/** A project with our test entry and these test files; returns how `node scripts/test.mjs` ended. */
async function testRun(files: Record<string, string>, checks: Record<string, string>, args: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-closing-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const dir of ['scripts', 'test/support', '.runtime']) await mkdir(join(folder, dir), { recursive: true });
  for (const name of ['test.mjs', 'compile-cache.mjs'])
    await cp(join(root, 'scripts', name), join(folder, 'scripts', name));
  await cp(join(root, 'test/support/reporter.ts'), join(folder, 'test/support/reporter.ts'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, '.runtime/paths.json'), JSON.stringify({ node: process.execPath }));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts: checks }));
  await writeFile(join(folder, 'vitest.config.ts'), CONFIG);
  for (const [name, body] of Object.entries(files)) {
    const text = `import { beforeAll, describe, expect, it } from 'vitest';\n${body}\n`;
    await writeFile(join(folder, 'test', name), text);
  }
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const child = spawn(process.execPath, ['scripts/test.mjs', ...args], { cwd: folder, env });
  let out = '';
  child.stdout.on('data', (data) => {
    out += String(data);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, last: out.trimEnd().split('\n').at(-1) };
}

const green = { 'green.test.ts': `it('is', () => expect(1).toBe(1));` };

it('counts the three checks and the tests, and ends with zero', async () => {
  expect(await testRun(green, harmless)).toEqual({ code: 0, last: '4 passed, 0 failed' });
}, 60_000);

it('is red when one check fails and every test passes', async () => {
  const broken = { ...harmless, typecheck: 'tsc --project nowhere.json' };
  expect(await testRun(green, broken)).toEqual({ code: 1, last: '3 passed, 1 failed' });
}, 60_000);

it.each([
  ['a test fails', `it('a', () => {}); it('b', () => expect(1).toBe(2));`, '2 passed, 1 failed'],
  ['a file does not load', `throw new Error('at load');`, '1 passed, 1 failed'],
  [
    'a hook throws',
    `describe('x', () => { beforeAll(() => { throw new Error(); }); it('a', () => {}); });`,
    '1 passed, 1 failed',
  ],
  [
    'something throws outside every test',
    `it('a', () => { setTimeout(() => { throw new Error(); }); });`,
    '2 passed, 1 failed',
  ],
])(
  'is red when %s',
  async (_case, body, last) => {
    const files = { ...green, 'red.test.ts': body };
    expect(await testRun(files, harmless, ['test'])).toEqual({ code: 1, last });
  },
  60_000,
);

it.each([
  ['there is no test', {}, '0 passed, 1 failed'],
  ['every test is skipped', { 'skip.test.ts': `it.skip('a', () => {});` }, '0 passed, 0 failed'],
])(
  'is red when %s',
  async (_case, files, last) => {
    expect(await testRun(files, harmless, ['test'])).toEqual({ code: 1, last });
  },
  60_000,
);
