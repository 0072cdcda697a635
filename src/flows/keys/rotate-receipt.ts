import { counted, type Text } from '#core';
import { ChosenKeys, Drilled, type KeyShort, Wrapped } from '#keys';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

const SHOWN = 5;

/** What people read when keys were wrapped anew: how many, what each region's key opens alone, what is not whole. */
export function rotateReceipt(run: RunRecord): Receipt | undefined {
  const output = (name: string) => run.steps.find((step) => step.name === name && step.state === 'done')?.output;
  const chosen = ChosenKeys.safeParse(output('choose'));
  const wrapped = Wrapped.safeParse(output('wrap'));
  const drilled = Drilled.safeParse(output('drill'));
  if (!chosen.success || !wrapped.success || !drilled.success) return undefined;
  const { rewrapped } = wrapped.data;
  const { kept } = chosen.data;
  const short = [...wrapped.data.short.first, ...chosen.data.waiting.first];
  const shortCount = wrapped.data.short.count + chosen.data.waiting.count;
  const unopened = [...wrapped.data.trouble.first, ...chosen.data.trouble.first];
  return {
    headline: rewrapped > 0 || kept === 0 ? `${counted(rewrapped, 'key')} wrapped anew` : 'No key is due',
    sections: [
      {
        heading: 'How we know',
        lines: [
          ...(rewrapped > 0
            ? [['Read back from every bucket; each wrap was opened by its own region alone.'] satisfies Text]
            : []),
          ...(kept > 0
            ? [[`${counted(kept, 'key')} not due: every wrap was opened and found right.`] satisfies Text]
            : []),
          ...drilled.data.drills.map(({ region, backup, result, problem }): Text => {
            if (result === 'OPENS') return [`${region} alone opens ${backup}.`];
            return [`${region}: ${result}. ${problem ?? ''}`.trim()];
          }),
        ],
      },
      ...(unopened.length === 0
        ? []
        : [
            {
              heading: 'Not opened, while regions do not answer',
              lines: unopened.slice(0, SHOWN).map(({ key, problem }): Text => [`${key}: ${problem}`]),
            },
          ]),
      ...(short.length === 0 ? [] : [{ heading: 'Not whole yet', lines: shortLines(short, shortCount, run) }]),
    ],
  };
}

function shortLines(short: readonly KeyShort[], count: number, run: RunRecord): Text[] {
  return [
    ...short
      .slice(0, SHOWN)
      .map(
        ({ key, lacks }): Text => [`${key}: ${lacks.map(({ region, what }) => `no ${what} in ${region}`).join(', ')}`],
      ),
    ...(count > SHOWN ? [[`and ${count - SHOWN} more: /dr show ${run.id}`] satisfies Text] : []),
    ['Older wraps open them. The next daily look makes them whole, once the region answers.'],
  ];
}
