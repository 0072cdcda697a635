import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '#sandbox/servers';
import { type SetupEnd, setupFolder, startSetup } from './setup-folder.ts';

/** A Python of version `minor` whose pip puts an empty folder where it is told, and notes each call. */
const python = (minor: number, install = '') => `
case "$*" in
  *sys.version_info*) echo "[\\"$0\\", 3, ${minor}]" ;;
  *"pip --version"*) exit 0 ;;
  *"pip install"*)
    echo install >> "$(dirname "$0")/installs"
    ${install}
    while [ "$1" != --target ]; do shift; done
    mkdir -p "$2" ;;
esac`;

/** npm that leaves what npm leaves behind. */
const npm = 'mkdir -p node_modules/.bin && echo \'{"packages":{}}\' > node_modules/.package-lock.json';

const complete = (pip = python(11)) => ({
  python3: pip,
  npm,
  mongod: 'echo db version v6.0.5',
  'redis-server': 'echo Redis server v=6.2.14 sha=0',
});

async function setUp(
  folder: string,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<SetupEnd> {
  return startSetup(folder, { args, env: { PYTHON: join(folder, 'bin/python3'), ...env } }).ended;
}

it('refuses a Python that is too old with one sentence and the way out', async () => {
  const end = await setUp(await setupFolder({ ...complete(python(7)) }));
  expect(end.err).toBe(
    'Python 3.10 or newer with pip is needed for the S3 stand-in; found 3.7. Debian: apt install python3-pip\n',
  );
  expect(end.code).toBe(1);
});

it('says so when there is no Python, and when Python has no pip', async () => {
  const folder = await setupFolder(complete());
  const none = await setUp(folder, { PYTHON: '/nowhere/python3' });
  expect(none.err).toContain('found none. Debian: apt install python3-pip');
  const bare = await setupFolder({ ...complete(`[ "$2" != pip ] || exit 1; ${python(11)}`) });
  expect((await setUp(bare)).err).toContain('found 3.11 without pip.');
});

it('finds what is there, notes the paths, and with --quiet says nothing the second time', async () => {
  const folder = await setupFolder(complete());
  const first = await setUp(folder);
  expect(first.err).toBe('');
  expect(first.out).toMatch(
    / 1\/4 Node 24 runtime {12}found\n 2\/4 mongod 6.0 {17}found\n 3\/4 redis-server 6.2 {11}found/,
  );
  expect(first.out).toMatch(/ 4\/4 S3, DNS, KMS stand-in {6}37 of 37 MB {6}0:0\d\n$/);
  const paths = JSON.parse(await readFile(join(folder, '.runtime/paths.json'), 'utf8'));
  expect(paths.mongod).toBe(join(folder, 'bin/mongod'));
  expect(existsSync(paths.motoPath)).toBe(true);
  expect(await setUp(folder, {}, ['--quiet'])).toEqual({ code: 0, out: '', err: '' });
});

it('with --quiet asks no program again, until one is gone or another is named', async () => {
  const folder = await setupFolder(complete());
  const asked = join(folder, 'asked');
  await writeFile(join(folder, 'bin/mongod'), `#!/bin/sh\necho asked >> ${asked}\necho db version v6.0.5\n`);
  const times = async () => (await readFile(asked, 'utf8')).trim().split('\n').length;
  await setUp(folder);
  const first = await times();
  await setUp(folder, {}, ['--quiet']);
  expect(await times()).toBe(first);
  await setUp(folder, { MONGOD: join(folder, 'bin/mongod') }, ['--quiet']);
  const named = await times();
  expect(named).toBeGreaterThan(first);
  const { motoPath } = JSON.parse(await readFile(join(folder, '.runtime/paths.json'), 'utf8'));
  await rm(motoPath, { recursive: true });
  await setUp(folder, { MONGOD: join(folder, 'bin/mongod') }, ['--quiet']);
  expect(await times()).toBeGreaterThan(named);
  expect(existsSync(motoPath)).toBe(true);
});

it('numbers the lines up to seven when the sandbox follows', async () => {
  const end = await setUp(await setupFolder(complete()), {
    npm_lifecycle_event: 'prestart',
    HOLDFAST_SANDBOX_DIR: '/elsewhere',
  });
  expect(end.out).toMatch(/^Holdfast sandbox - first start, about 2 min, \d+ MB\n\n/);
  expect(end.out).toContain('\n 1/7 Node 24 runtime            found\n');
});

it('installs the npm packages again when the lock file has changed', async () => {
  const folder = await setupFolder(complete());
  await setUp(folder);
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  lock.packages['node_modules/new'] = { version: '1.0.0' };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  expect((await setUp(folder, {}, ['--quiet'])).out).toMatch(/npm packages/);
});

it.each([
  ['pip', { python3: python(11, 'echo "ReadTimeoutError: Read timed out."; exit 1') }, 'ETIMEDOUT'],
  ['npm', { npm: 'echo "npm error code ENOTFOUND"; exit 1' }, 'ENOTFOUND'],
])('says that no registry answers when %s gets none, and goes on the next time', async (_tool, broken, code) => {
  const folder = await setupFolder({ ...complete(), ...broken });
  const end = await setUp(folder);
  expect(end.err).toBe(
    `No answer from the package registry (${code}). Behind a proxy? Set HTTPS_PROXY. What is already here is kept.\n`,
  );
  expect(end.code).toBe(1);
  for (const [name, body] of Object.entries(complete())) {
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`);
  }
  expect((await setUp(folder)).code).toBe(0);
});

it('refuses a mongod that was named and is too old', async () => {
  const folder = await setupFolder({ ...complete(), oldmongod: 'echo db version v4.4.1' });
  const old = join(folder, 'bin/oldmongod');
  const end = await setUp(folder, { MONGOD: old });
  expect(end.err).toBe(`MONGOD=${old} can't be used: it is 4.4, 6.0 or newer is needed.\n`);
});

it('two at once install once', async () => {
  const folder = await setupFolder(complete(python(11, 'sleep 0.5')));
  const ends = await Promise.all([setUp(folder), setUp(folder), setUp(folder)]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect((await readFile(join(folder, 'bin/installs'), 'utf8')).trim().split('\n')).toHaveLength(1);
});

it('takes over the lock of a set-up that is dead', async () => {
  const folder = await setupFolder(complete());
  await mkdir(join(folder, '.runtime/setup.lock'), { recursive: true });
  await writeFile(join(folder, '.runtime/setup.lock/pid'), '4194304');
  expect((await setUp(folder)).code).toBe(0);
});

it('stops at Ctrl-C without leaving half a part, and the next start goes on', async () => {
  const folder = await setupFolder(complete(python(11, 'exec sleep 20')));
  const { child, ended } = startSetup(folder, { env: { PYTHON: join(folder, 'bin/python3') } });
  await until('pip is at work', async () => existsSync(join(folder, 'bin/installs')));
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(await readdir(join(folder, '.runtime'))).not.toContain('setup.lock');
  await writeFile(join(folder, 'bin/python3'), `#!/bin/sh\n${python(11)}\n`);
  expect((await setUp(folder)).code).toBe(0);
});

it('refuses before it fetches anything when the disk is too small', async () => {
  const file = join(import.meta.dirname, '../../scripts/setup/disk.mjs');
  const { checkDisk }: { checkDisk: (...args: unknown[]) => void } = await import(file);
  const tooSmall = () => checkDisk('/', 500, 1600, 800);
  expect(tooSmall).toThrow('Needs 2.1 GB in this folder, 0.8 GB free. Put it elsewhere: HOLDFAST_SANDBOX_DIR=...');
  expect(() => checkDisk('/', 900, 0, 800)).toThrow('Needs 0.9 GB in this folder, 0.8 GB free. Free some,');
  expect(() => checkDisk('/', 500, 200, 800)).not.toThrow();
});
