import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RequestId } from '#core';
import { type KnownBackup, type PruneQuestion, planPrune, provePrune } from '#retention';
import { ask, backup, NOW, piece } from './questions.ts';

const keysOf = ({ place, attempt, segments }: KnownBackup): string[] => [
  `manifests/${place.year}/${place.backup}`,
  `keys/${place.year}-${place.backup}-${attempt}/0001`,
  ...segments,
];
const prove = (question: PruneQuestion, ...gone: string[]): string[] => provePrune(question, new Set(gone));

const full = backup('2026-09-28T03:00');
const change = backup('2026-10-25T03:00', { parent: full.place });
const newest = backup('2026-11-10T03:00');
const log = [piece('2026-10-25T02:00', '2026-11-01T00:00'), piece('2026-11-01T00:00', '2026-11-14T00:00')];
const question = ask({
  backups: [full, change, newest],
  pieces: log,
  others: { 'record/anchors/1.json': '2020-01-01T00:00' },
});

describe('the proof answers whoever asks', () => {
  test.each<[string, string[], RegExp]>([
    ['nothing at all', [], /^$/],
    ['the only backup of a month', keysOf(full), /Of 2026-09 no backup would be left/],
    ['a parent, and not what stands on it', keysOf(full), /B-1025-0300 would stay and could not be restored/],
    ['a manifest alone', keysOf(newest).slice(0, 1), /newest backup that can be restored is of 2026-11-10/],
    ['one segment', change.segments.slice(), /B-1025-0300 would stay/],
    ['a key', keysOf(change).slice(1, 2), /B-1025-0300 would stay/],
    ['a piece of log in the window', log.slice(1), /Not every second since 2026-10-25T03:00:00/],
    ['what is no unit', ['record/anchors/1.json'], /is nothing that may be deleted/],
  ])('%s', (_what, gone, reason) => {
    expect(prove(question, ...gone).join('\n')).toMatch(reason);
  });

  test('what is held, used or young, and what those stand on', () => {
    const held = { ...question, held: [{ place: change.place, reason: 'court' }] };
    expect(prove(held, ...keysOf(full)).join('\n')).toMatch(
      /B-0928-0300 has B-1025-0300 standing on it, which is held/,
    );
    const used = {
      ...question,
      inUse: [{ backup: change.place.backup, run: RequestId.parse('R-7'), what: 'restore' }],
    };
    expect(prove(used, ...keysOf(change)).join('\n')).toMatch(/is used by R-7/);
    expect(prove({ ...question, now: new Date('2026-11-12T00:00:00Z') }, ...keysOf(newest)).join('\n')).toMatch(
      /too young/,
    );
  });
});

const SOME_TIME = fc
  .integer({ min: Date.parse('2024-01-01T00:00:00Z'), max: NOW.getTime() })
  .map((ms) => new Date(ms).toISOString().slice(0, 16));

test('whatever is in a vault, what the planner removes is proved, and one needed backup more is not', () => {
  const vaults = fc.record({
    times: fc.uniqueArray(SOME_TIME, {
      minLength: 1,
      maxLength: 30,
      selector: (at) => `${at.slice(0, 4)} ${at.slice(5, 16)}`,
    }),
    changes: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    cuts: fc.uniqueArray(SOME_TIME, { maxLength: 12 }),
    gaps: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  });
  fc.assert(
    fc.property(vaults, ({ times, changes, cuts, gaps }) => {
      const backups: KnownBackup[] = [];
      for (const [index, at] of times.sort().entries()) {
        const before = backups.at(-1);
        backups.push(backup(at, changes[index] && before ? { parent: before.place } : {}));
      }
      const sorted = cuts.sort();
      const pieces = sorted
        .slice(1)
        .flatMap((through, index) => (gaps[index] ? [] : [piece(sorted[index] ?? through, through)]));
      const asked = ask({ backups, pieces });
      const plan = planPrune(asked);
      const gone = plan.remove.flatMap(({ unit }) => unit.keys);
      expect(prove(asked, ...gone)).toEqual([]);
      // the newest is always needed, and so is whatever it stands on
      const last = backups.at(-1);
      if (last) expect(prove(asked, ...gone, ...keysOf(last))).not.toEqual([]);
    }),
    { numRuns: 300, seed: 17 },
  );
});
