import { counted } from '#core';
import { Merged, MergeInput } from '#loss';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

/** What people read when lost writes are back. */
export function mergeReceipt(run: RunRecord): Receipt | undefined {
  const proved = run.steps.find(({ name, state }) => name === 'prove' && state === 'done');
  const merged = Merged.safeParse(proved?.output);
  const input = MergeInput.safeParse(run.input);
  if (!merged.success || !input.success) return undefined;
  const { overtaken } = merged.data;
  return {
    headline: `${counted(merged.data.merged, 'lost write')} of ${input.data.receipt} back`,
    sections: [
      {
        heading: 'How we know',
        lines: [
          ['Each was read back by its id, and is byte for byte what was kept.'],
          overtaken > 0
            ? [`${counted(overtaken, 'id')} had been written by others meanwhile: those stayed as they are.`]
            : [],
        ],
      },
      { heading: 'Nothing was removed', lines: [[`What is still missing: /dr receipt ${input.data.receipt}`]] },
    ],
  };
}
