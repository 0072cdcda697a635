import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOfDownload } from './refusal.mjs';
import { run } from './run.mjs';

const stampOf = (root) => join(root, 'node_modules', '.holdfast-lock-sha256');

const lockHash = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** True when npm's own record of what it installed says the same versions as our lock file. */
function installedEqualsLock(root) {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readJson(join(root, 'package-lock.json'));
  if (installed === null || wanted === null) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed.packages[path];
    return there === undefined ? entry.optional === true : there.version === entry.version;
  });
}

/** True when node_modules holds what package-lock.json says. By content: a fresh clone has fresh file times. */
export function dependenciesAreInstalled(root) {
  if (existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === lockHash(root)) return true;
  if (!installedEqualsLock(root)) return false;
  writeFileSync(stampOf(root), lockHash(root));
  return true;
}

/** `npm ci`; returns how many packages there are now. @throws {Refusal} */
export async function installDependencies(root) {
  // error: the older Node that runs set-up is told EBADENGINE by packages that only ever run under Node 24
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--no-progress'];
  const { code, output } = await run('npm', args, { cwd: root });
  if (code !== 0) throw refusalOfDownload('the npm packages', output);
  writeFileSync(stampOf(root), lockHash(root));
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  return Object.keys(installed?.packages ?? {}).length;
}
