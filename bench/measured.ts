import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { COMPILE_CACHE } from '#sandbox/servers';
import { MEMORY_ENV, MEMORY_FLAGS } from '../sandbox/memory-env.ts';
import type { Figures } from './bench-case.ts';

/** Runs one of the scripts beside this file on an order, in a process of its own, and answers with the figures it prints. */
export async function measured(script: string, order: object): Promise<Figures> {
  const file = fileURLToPath(new URL(`./${script}.ts`, import.meta.url));
  // code is compiled already, as in the image
  const env = { ...process.env, ...MEMORY_ENV, ...COMPILE_CACHE };
  const { stdout } = await promisify(execFile)(process.execPath, [...MEMORY_FLAGS, file, JSON.stringify(order)], {
    env,
  });
  return JSON.parse(stdout);
}
