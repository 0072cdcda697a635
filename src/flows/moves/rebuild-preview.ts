import type { Preview } from '#chatops';
import { counted, formatDuration, type Region } from '#core';
import { previewRebuild, type RebuildPreview, rebuildWorkflow } from '#failover';
import { stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { memberLines } from './member-words.ts';

/** What a rebuild of a region would do. Throws what stands in its way. */
export async function regionRebuildPreview(
  { region, wipe, reason }: { readonly region: Region; readonly wipe: boolean; readonly reason: string },
  { rebuild, journal }: Pick<HoldfastWorld, 'rebuild' | 'journal'>,
): Promise<Preview> {
  const { facts, members } = await previewRebuild(rebuild, { region, wipe });
  const history = await stepHistory(journal, rebuildWorkflow.name);
  return {
    title: `rebuild of ${region}`,
    job: rebuildWorkflow.name,
    payload: { facts, reason },
    facts: { ...facts },
    limits: {},
    live: {},
    sections: [
      {
        heading: 'What is risked',
        lines: [
          [`Nothing: ${facts.primary} serves, and nothing is served from ${region} before a failback.`],
          ['Its members get no vote. What only they have is saved first.'],
          ...(wipe ? [['Then every copy there is emptied and made anew.']] : []),
          [
            history.runs > 0
              ? `All done in about ${formatDuration(history.totalUsualMs)}.`
              : 'How long it takes here is not known yet.',
          ],
        ],
      },
      { heading: `${counted(members.length, 'member')} now`, lines: members.flatMap(memberLines) },
      whatOnlyTheyHave(facts),
      ...(facts.byHand ? [handWork] : []),
    ],
    details: [],
    effect: `${counted(members.length, 'member')} in ${region} stopped, read and started as followers.`,
    smallPrint: [
      history.runs > 0 ? `Times from ${counted(history.runs, 'run')}.` : 'This has never been run here: no times yet.',
    ],
  };
}

const whatOnlyTheyHave = ({ lostIn }: RebuildPreview['facts']) => ({
  heading: 'What only they have',
  lines: [
    [
      lostIn === undefined
        ? 'Not known before they are read.'
        : `Not known before they are read. It joins the receipt of ${lostIn}.`,
    ],
  ],
});

const handWork = {
  heading: 'By hand',
  lines: [
    ['No agent is on these machines: the card says what is to be done there, command by command.'],
    ['It goes on when it sees it done. Have somebody ready who may log in.'],
  ],
};
