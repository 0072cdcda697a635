import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { rowText } from './fault-table.ts';
import { FAULTS } from './faults.ts';
import { runFault } from './run-fault.ts';

/** Long enough for the first call; what takes longer is the soak's. */
const WATCHED_MS = 130_000;

it.each([
  'S3 of us-east-1, slow',
  'PagerDuty, stopped',
  'us-east-1 as a whole, stopped',
  "The control store's primary, stopped",
])('docs/faults.md is what happens: %s', async (name) => {
  const fault = FAULTS.find((each) => each.name === name);
  if (!fault) throw new Error(`no fault ${name}`);
  const lines = (await readFile('docs/faults.md', 'utf8')).split('\n');
  expect(lines).toContain(rowText(await runFault(fault, WATCHED_MS)));
});

it('every fault has its line', async () => {
  const lines = (await readFile('docs/faults.md', 'utf8')).split('\n');
  expect(FAULTS.filter(({ name }) => !lines.some((line) => line.startsWith(`| ${name} |`)))).toEqual([]);
});
