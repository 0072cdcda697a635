import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WHEELS } from './pins.mjs';
import { refusalOfDownload } from './refusal.mjs';
import { run } from './run.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Where the wheels of `name` are (to be) unpacked. The folder's name has the hash of the requirements and, where
 * compiled code is in it, the Python it is for: when it exists it is complete and fits.
 * @param {'mongod' | 'redis' | 'moto'} name
 * @param {string} runtimeDir
 * @param {{ tag: string }} python
 */
export function wheelFolder(name, runtimeDir, python) {
  const { requirements, pythonBound } = WHEELS[name];
  const hash = createHash('sha256')
    .update(readFileSync(join(here, requirements)))
    .digest('hex');
  return join(runtimeDir, `${name}-${pythonBound ? `${python.tag}-` : ''}${hash.slice(0, 10)}`);
}

/**
 * Installs the wheels of `name` beside and renames them into place, so that Ctrl-C never leaves half a folder.
 * Idempotent. @throws {Refusal}
 */
export async function installWheels(name, runtimeDir, python) {
  const folder = wheelFolder(name, runtimeDir, python);
  if (existsSync(folder)) return folder;
  const stage = `${folder}.stage`;
  rmSync(stage, { recursive: true, force: true });
  const args = ['-m', 'pip', 'install', '--no-deps', '--require-hashes', '--only-binary', ':all:', '--no-compile'];
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--root-user-action=ignore'];
  const { code, output } = await run(python.executable, [
    ...args,
    ...quiet,
    '--target',
    stage,
    '-r',
    join(here, WHEELS[name].requirements),
  ]);
  if (code !== 0) throw refusalOfDownload(name, output);
  renameSync(stage, folder);
  return folder;
}
