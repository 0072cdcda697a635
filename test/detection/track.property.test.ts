import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Probe, type Seen, type Stand, track } from '#detection';
import type { ProbeResult } from '#ports';
import { eldPlan } from '../support/eld-plan.ts';

const probe: Probe = {
  name: 'http',
  check: 'application_response',
  subject: 'ELD',
  speaksFor: 'check',
  run: async () => ({ state: 'unknown', words: [] }),
};
const results: Record<string, ProbeResult> = {
  W: { state: 'well', words: ['w'], numbers: {} },
  F: { state: 'failed', what: 'ELD fails', words: ['f'], hostile: false, numbers: {} },
  U: { state: 'unknown', words: ['u'] },
};
const seen = (letter: string): Seen => ({ probe, result: results[letter] ?? { state: 'unknown', words: [] }, ms: 1 });
const time = (turn: number): Date => new Date(Date.UTC(2026, 10, 23, 8) + turn * 30_000);

/** Every stand along a row of answers, written as letters. */
function along(letters: string): Stand[] {
  const stands: Stand[] = [];
  for (const [turn, letter] of [...letters].entries())
    stands.push(track(stands.at(-1), seen(letter), time(turn), eldPlan));
  return stands;
}
const verdicts = (letters: string): string =>
  along(letters)
    .map(({ verdict }) => ({ well: 'w', failing: 'F', unknown: '?' })[verdict])
    .join('');

describe('what a row of answers amounts to', () => {
  it.each([
    ['WWFWFFWFFW', 'wwwwwwwwww', 'two in a row are nothing yet'],
    ['WFFFFWWFF', 'wwwFFFwww', 'three in a row fail, two well ones end it'],
    ['FFFWFWFWW', '??FFFFFFw', 'one well answer among failures ends nothing'],
    ['WFUFUF', 'wwwwwF', 'what sees nothing does not break a row'],
    [
      'FFFUUUUWW',
      '??FFF??ww',
      'after three blind looks it is not known, and the first well answer counts, as at the very first look',
    ],
    ['UUUW', '???w', 'the first well answer counts at once'],
  ])('%s is %s: %s', (letters, expected) => {
    expect(verdicts(letters)).toBe(expected);
  });

  it('tells since when it fails by the first failure of the row, not by the third', () => {
    expect(along('WFFF').at(-1)?.failingSince).toEqual(time(1));
    expect(along('WFFWFFFW').at(-1)?.failingSince).toEqual(time(4));
    expect(along('WFFFWW').at(-1)?.failingSince).toBeUndefined();
  });

  it('is never well without a well answer, and never failing without three failures, whatever comes', () => {
    const row = fc.array(fc.constantFrom('W', 'F', 'U'), { minLength: 1, maxLength: 60 }).map((all) => all.join(''));
    fc.assert(
      fc.property(row, (letters) => {
        for (const [turn, stand] of along(letters).entries()) {
          const told = letters.slice(0, turn + 1).replaceAll('U', '');
          if (stand.verdict === 'well') {
            expect(told).toMatch(/W/);
            // since the last time three failed in a row there were two well ones in a row
            const after = told.slice(Math.max(0, told.lastIndexOf('FFF') + 3));
            if (told.includes('FFF')) expect(after).toMatch(/WW/);
          }
          if (stand.verdict === 'failing') {
            const fails = told.lastIndexOf('FFF');
            expect(fails).toBeGreaterThanOrEqual(0);
            expect(told.slice(fails + 3)).not.toMatch(/WW/);
          }
          if (letters.slice(0, turn + 1).endsWith('UUU')) expect(stand.verdict).toBe('unknown');
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
