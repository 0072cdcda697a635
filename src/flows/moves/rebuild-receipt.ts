import { counted, formatBytes, formatCount, type Text } from '#core';
import { Proved, ReadDivergent, RebuildInput, Rejoined } from '#failover';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

/** What people read when a region is rebuilt. Every number was counted. */
export function regionRebuildReceipt(run: RunRecord): Receipt | undefined {
  const outputOf = (step: string): unknown =>
    run.steps.find(({ name, state }) => name === step && state === 'done')?.output;
  const input = RebuildInput.safeParse(run.input);
  const proved = Proved.safeParse(outputOf('prove'));
  const read = ReadDivergent.safeParse(outputOf('read-divergent'));
  const rejoined = Rejoined.safeParse(outputOf('rejoin'));
  if (!input.success || !proved.success || !read.success || !rejoined.success) return undefined;
  const { region, primary, lostIn } = input.data.facts;
  const entries = read.data.members.reduce((sum, member) => sum + member.entries, 0);
  const files = rejoined.data.members.reduce((sum, member) => sum + (member.rollbackFiles ?? 0), 0);
  return {
    headline: `${region} follows again`,
    sections: [
      {
        heading: 'How we know',
        lines: [
          ...proved.data.members.map(
            ({ host, documents, collections, bytes }): Text => [
              `${host}: ${formatCount(documents)} documents in ${counted(collections, 'collection')}, ${formatBytes(bytes)}, equal to ${primary}`,
            ],
          ),
          ...proved.data.members.flatMap(({ host, unproved }) =>
            unproved.map(({ collection, what }): Text => [`${host} not compared: ${collection}, ${what}`]),
          ),
        ],
      },
      {
        heading: 'Saved',
        lines: [
          [`${formatCount(entries)} operations that only they had, ${counted(files, 'rollback file')}.`],
          ...(lostIn && entries > 0 ? [[`See what they are: /dr receipt ${lostIn}`] satisfies Text] : []),
        ],
      },
      {
        heading: 'What is different now',
        lines: [
          ...rejoined.data.members.map(
            ({ host, how, crashes }): Text => [
              `${host} ${how}, no vote${crashes > 0 ? `, started again ${counted(crashes, 'time')}` : ''}`,
            ],
          ),
          [`You can fall back: /dr failback ${region}`],
        ],
      },
    ],
  };
}
