import { counted, formatBytes, type Text } from '#core';
import { MarkedCounts, SweptThings } from '#retention';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

const SHOWN = 5;

/** What people read when a round is over: what went, what is marked, and why we know that nothing promised went. */
export function pruneReceipt(run: RunRecord): Receipt | undefined {
  const output = (name: string) => run.steps.find((step) => step.name === name && step.state === 'done')?.output;
  const marked = MarkedCounts.safeParse(output('mark'));
  const swept = SweptThings.safeParse(output('sweep'));
  if (!marked.success || !swept.success) return undefined;
  const { removed, retained, uploads } = swept.data;
  const bytes = removed.reduce((sum, each) => sum + each.bytes, 0);
  const more = removed.length - SHOWN;
  const deleted: Text[] = [
    ...removed.slice(0, SHOWN).map(({ name, why, bytes: size }): Text => [`${name}, ${formatBytes(size)}: ${why}`]),
    ...(more > 0 ? [[`and ${more} more: /dr show ${run.id} --details`] as Text] : []),
    ...(uploads > 0 ? [[`${counted(uploads, 'unfinished upload')} given up.`] as Text] : []),
  ];
  const waiting = retained.slice(0, SHOWN).map(({ name, until }): Text => [`${name}: retained ${until}`]);
  return {
    headline:
      removed.length > 0
        ? `${counted(removed.length, 'thing')} deleted, ${formatBytes(bytes)}`
        : `${counted(marked.data.marked, 'thing')} marked, nothing deleted`,
    sections: [
      ...(deleted.length > 0 ? [{ heading: 'Deleted in every region', lines: deleted }] : []),
      ...(waiting.length > 0 ? [{ heading: 'Locked or held', lines: waiting }] : []),
      {
        heading: 'How we know',
        lines: [
          ['What can be restored was computed before and after, apart from the plan, and is the same.'],
          [
            `${counted(marked.data.kept, 'thing')} needed, ${counted(marked.data.added, 'thing')} newly marked, `,
            `locks of ${counted(marked.data.extended, 'backup')} made longer.`,
          ],
        ],
      },
    ],
  };
}
