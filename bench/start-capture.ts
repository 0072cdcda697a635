import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MEMORY_ENV, MEMORY_FLAGS } from '../sandbox/memory-env.ts';
import type { CaptureOrder, DurableLine } from './run-capture.ts';

const RUN_CAPTURE = fileURLToPath(new URL('./run-capture.ts', import.meta.url));

/** Capture in a process of its own; `lines` grows with what it says. Whoever starts it kills it. */
export function startCapture(order: CaptureOrder): { readonly process: ChildProcess; readonly lines: DurableLine[] } {
  const lines: DurableLine[] = [];
  const running = spawn(process.execPath, [...MEMORY_FLAGS, RUN_CAPTURE, JSON.stringify(order)], {
    env: { ...process.env, ...MEMORY_ENV },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface(running.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  return { process: running, lines };
}
