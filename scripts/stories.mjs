/**
 * `npm run stories`: stories on whole companies and failovers measured on real servers, one after the other. They want a
 * machine to themselves. With arguments only the named files run: npm run stories -- company
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const child = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--typecheck.enabled=false', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, STORIES: '1' } },
);
child.once('exit', (code) => process.exit(code ?? 1));
