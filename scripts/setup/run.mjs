import { spawn } from 'node:child_process';

const running = new Set();

/**
 * Runs a program to its end and returns what it printed. Never throws: a missing program is `code: 127`.
 * Output is kept to 200 kB, so that a chatty installer can't fill memory.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    // shell only on Windows, where npm is a .cmd file and can't be started otherwise
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    running.add(child);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (code) => {
      running.delete(child);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      keep(error.message);
      end(127);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** Ends every program still running; called when the person presses Ctrl-C. */
export function endAll() {
  for (const child of running) child.kill('SIGTERM');
}
