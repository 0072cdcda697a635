import { counted, type Text } from '#core';
import { Comparison, mendedBy } from '#vault';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';
import { differenceLines, troubleLines } from './difference-words.ts';

/** What people read when the catalog was made again: how many were found, what differed, what could not be read. */
export function rebuildReceipt(run: RunRecord): Receipt | undefined {
  const read = run.steps.find(({ name, state }) => name === 'read' && state === 'done');
  const comparison = Comparison.safeParse(read?.output).data;
  if (!comparison) return undefined;
  const { entries, newest } = comparison;
  const trouble = troubleLines(comparison);
  const differences: Text[] =
    mendedBy(comparison) === 0 ? [['Nothing differed from what the catalog said.']] : differenceLines(comparison);
  return {
    headline: `${counted(entries, 'backup')} in the catalog`,
    sections: [
      { lines: [...(newest ? [[`The newest is ${newest}.`] satisfies Text] : []), ...differences] },
      ...(trouble.length > 0 ? [{ heading: 'Not as it should be', lines: trouble }] : []),
      {
        heading: 'How we know',
        lines: [['Every manifest was read in the buckets and opened with its key, except as said above.']],
      },
    ],
  };
}
