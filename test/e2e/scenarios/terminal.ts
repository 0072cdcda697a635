import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RequestId, shortHash } from '#core';
import { until } from '#sandbox/servers';
import type { CompanyBench } from '../company-bench.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export interface TerminalAnswer {
  readonly code: number | null;
  readonly text: string;
}

/** `dr …` as a person at a shell runs it, in a process of its own. */
export function terminal({ company }: CompanyBench, ...words: string[]): Promise<TerminalAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, 'dr', ...words], {
      env: { ...process.env, ...company.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (piece) => {
      text += String(piece);
    });
    child.stderr.on('data', (piece) => {
      text += String(piece);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}

/**
 * Asks without waiting for the end, again while it is refused (a region that just came back is not fit at once), and
 * approves as both roles; resolves with the request's number.
 */
export async function askAndApproveInTerminal(bench: CompanyBench, line: readonly string[]): Promise<RequestId> {
  const { id, preview } = await until(`${line.join(' ')} can be asked for`, () => askInTerminal(bench, line), {
    withinMs: 120_000,
    everyMs: 2_000,
  });
  for (const person of ['John Smith', 'Alex Chen']) {
    const { code, text } = await terminal(bench, 'approve', id, '--preview', shortHash(preview), '--as', person);
    if (code !== 0) throw new Error(`${person} could not approve (${code}): ${text}`);
  }
  return id;
}

async function askInTerminal(bench: CompanyBench, line: readonly string[]) {
  const asked = await terminal(bench, ...line, '--as', 'Mike Johnson', '--detach');
  const number = asked.text.match(/R-\d+/)?.[0];
  if (number === undefined || asked.code !== 4) throw new Error(`asking ended with ${asked.code}: ${asked.text}`);
  const id = RequestId.parse(number);
  const { state, preview } = await until(`${id} is previewed`, async () => {
    const request = await bench.request(id);
    return request && request.state !== 'checking' ? request : undefined;
  });
  return state === 'waiting' && preview ? { id, preview: preview.hash } : undefined;
}
