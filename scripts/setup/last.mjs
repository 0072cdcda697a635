import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const fileOf = (runtimeDir) => join(runtimeDir, 'paths.json');

/** What decides where set-up finds things: its own files, with the pinned versions, and the programs named by the caller. */
function basis() {
  const hash = createHash('sha256');
  for (const name of readdirSync(here).sort()) hash.update(name).update(readFileSync(join(here, name)));
  const { PATH, MONGOD, REDIS_SERVER, PYTHON } = process.env;
  return hash.update(JSON.stringify([process.execPath, PATH, MONGOD, REDIS_SERVER, PYTHON])).digest('hex');
}

/** Notes where everything is, for the programs that start it and for the next set-up. */
export function writeLast(runtimeDir, paths) {
  const path = fileOf(runtimeDir);
  writeFileSync(`${path}.stage`, `${JSON.stringify({ ...paths, basis: basis() }, null, 2)}\n`);
  renameSync(`${path}.stage`, path);
}

/**
 * Whether the last set-up still holds: made from the same, and all of it is there. To ask each program for its version
 * takes a second, which whoever types `npm run dr` would wait for each time.
 */
export function lastHolds(runtimeDir) {
  let last;
  try {
    last = JSON.parse(readFileSync(fileOf(runtimeDir), 'utf8'));
  } catch {
    return false;
  }
  const { basis: made, ...paths } = last;
  return made === basis() && Object.values(paths).every((path) => existsSync(path));
}
