import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What a process is called, as a person would look for it; undefined when the system does not tell. */
export function processName(pid: number): string | undefined {
  try {
    const [program] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (program) return basename(program);
  } catch {
    // no /proc here
  }
  try {
    const program = execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 });
    return basename(program.trim()) || undefined;
  } catch {
    return undefined;
  }
}
