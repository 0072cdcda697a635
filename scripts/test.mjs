/**
 * `npm test`: the three checks (types, lint, import law), then every test. Last line: `N passed, N failed`, where a
 * check counts as one. Ends non-zero when anything failed or nothing ran. With arguments only the named test files
 * run: npm test -- test/vault
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const only = process.argv.slice(2);
const { node } = JSON.parse(readFileSync(join(root, '.runtime', 'paths.json'), 'utf8'));

function run(label, program, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(node, [join(root, 'node_modules', program), ...args], { cwd: root, stdio: 'inherit', env });
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
    child.once('error', () => resolve(127));
    child.once('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
      if (label !== null) process.stdout.write(`${code === 0 ? ' ok ' : 'FAIL'} ${label}\n`);
      resolve(code ?? 1);
    });
  });
}

const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
const argsOf = (script) => scripts[script].split(' ').slice(1);
// Types: test/types too, where every line that must not compile says so; one that does is an error.
const checks = [
  ['types', 'typescript/bin/tsc', argsOf('typecheck')],
  ['lint', '@biomejs/biome/bin/biome', argsOf('lint')],
  ['import law', 'dependency-cruiser/bin/dependency-cruiser.mjs', argsOf('law')],
];

let passed = 0;
let failed = 0;
if (only.length === 0) {
  // side by side: none of them uses two cores
  for (const code of await Promise.all(checks.map((check) => run(...check)))) {
    if (code === 0) passed += 1;
    else failed += 1;
  }
}

const dir = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
const countsFile = join(dir, 'counts.json');
const code = await run(null, 'vitest/vitest.mjs', ['run', ...only], {
  ...process.env,
  NODE_COMPILE_CACHE: COMPILE_CACHE,
  HOLDFAST_TEST_COUNTS: countsFile,
});
const tests = existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) : { passed: 0, failed: 0 };
rmSync(dir, { recursive: true, force: true });
passed += tests.passed;
failed += tests.failed;
// vitest also fails for reasons that are no test's: it must never look green
if (code !== 0 && tests.failed === 0) failed += 1;
if (tests.passed + tests.failed === 0) process.stdout.write('No test ran.\n');

process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0;
process.on('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
