/**
 * `npm run dr`: the terminal, on the sandbox while one runs. Holdfast itself knows no sandbox; what a running one wrote
 * into its state.json is added to the environment here, never over what is set already. Arguments, exit code and
 * signals go through unchanged.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** What a running sandbox offers; nothing when none runs, or when the caller named databases of their own. */
function sandboxEnvironment() {
  if (process.env.MONGODB_URI || process.env.CONTROL_MONGODB_URI) return {};
  const state = readJson(join(process.env.HOLDFAST_SANDBOX_DIR || join(root, '.sandbox'), 'state.json'));
  return state !== undefined && isAlive(state.pid) ? state.environment : {};
}

const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
const node = readJson(join(root, '.runtime', 'paths.json'))?.node ?? process.execPath;
const child = spawn(node, [join(root, 'src', 'main.ts'), 'dr', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    ...sandboxEnvironment(),
    ...set,
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.once('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  // ends the way it ended, so that a shell sees the same
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
