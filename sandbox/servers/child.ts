import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { dieWithUs, hasEnded } from './reaper.ts';

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A running process of ours. It ends when the process that started it ends, however that happens. */
export type Child = {
  readonly pid: number;
  /** Resolves once, when the process has ended. Never rejects. */
  readonly exited: Promise<Exit>;
  running(): boolean;
  /** Sends a signal; does nothing when the process has ended. SIGSTOP and SIGCONT freeze and thaw it. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after `graceMs`. Idempotent. Resolves when the process has ended. */
  stop(graceMs?: number): Promise<Exit>;
};

export type ChildOptions = {
  readonly program: string;
  readonly args: readonly string[];
  /** Standard output and error are appended here. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/**
 * Starts a program in a process group of its own: Ctrl-C in the terminal reaches only us, and we stop our children in
 * an order that makes sense instead of all at once.
 * @throws Error when the program can't be started
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.program, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) hasEnded(child.pid);
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`${options.program} can't be started`, { cause })));
  });
  const pid = child.pid ?? 0;
  dieWithUs(pid);
  const running = () => child.exitCode === null && child.signalCode === null;
  const kill = (signal: NodeJS.Signals) => {
    if (running()) child.kill(signal);
  };
  return {
    pid,
    exited,
    running,
    kill,
    async stop(graceMs = 5000) {
      if (!running()) return exited;
      kill('SIGTERM');
      kill('SIGCONT'); // a frozen process would not see the SIGTERM
      const timer = new AbortController();
      const late = sleep(graceMs, 'late' as const, { signal: timer.signal }).catch(() => 'cancelled' as const);
      if ((await Promise.race([exited, late])) === 'late') kill('SIGKILL');
      timer.abort();
      return exited;
    },
  };
}
