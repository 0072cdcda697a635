import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from '#core';
import { type Judgement, told } from '#detection';
import { EAST, EU, FAILED, moment, PROBES, type Sees, START, UNSEEN, WEST, watchFor } from './reports.ts';

const FROM = [EAST, WEST, EU];
const SPAN = 700;

/** From when until when a vantage point sees something of a probe, or reports nothing. */
interface Spell {
  readonly from: number;
  readonly probe: number;
  readonly start: number;
  readonly lasts: number;
  readonly kind: 'failed' | 'unseen' | 'silent';
}

/** One of many, and every third time the number that stands for all of them. */
const oftenLast = (last: number) => fc.oneof({ weight: 2, arbitrary: fc.nat(last) }, fc.constant(last));

const spells = fc.array(
  fc.record({
    from: oftenLast(FROM.length),
    probe: oftenLast(PROBES.length),
    start: fc.integer({ min: 0, max: SPAN }),
    lasts: fc.integer({ min: 1, max: 400 }),
    kind: fc.constantFrom('failed' as const, 'failed' as const, 'unseen' as const, 'silent' as const),
  }),
  { maxLength: 25 },
);

const isAt = ({ start, lasts }: Spell, at: Date): boolean => {
  const second = (at.getTime() - START.getTime()) / 1_000;
  return second >= start && second < start + lasts;
};
/** The last index stands for all of them. */
const isFrom = ({ from }: Spell, region: Region): boolean => from === FROM.length || FROM[from] === region;

function run(all: readonly Spell[]) {
  const sees: Sees = (region, probe, at) => {
    const spell = all.find(
      (each) =>
        each.kind !== 'silent' &&
        isAt(each, at) &&
        isFrom(each, region) &&
        (each.probe === PROBES.length || PROBES[each.probe] === probe),
    );
    return spell && (spell.kind === 'failed' ? FAILED(`${probe.name} fails`, { hostile: true }) : UNSEEN);
  };
  const reports = (region: Region, at: Date): boolean =>
    !all.some((each) => each.kind === 'silent' && isAt(each, at) && isFrom(each, region));
  return watchFor({ seconds: SPAN, sees, reports });
}

const seeing = ({ vantage }: Judgement): string[] =>
  vantage.flatMap(({ region, state }) => (state === 'seeing' ? [region] : []));

describe('whatever detectors see and whenever they are silent', () => {
  it('holds what it promises at every moment', () => {
    let dead = 0;
    let breaches = 0;
    fc.assert(
      fc.property(spells, (all) => {
        for (const judgement of run(all).judgements) {
          const { findings, overall, parts } = judgement;
          const keys = findings.map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          if (overall !== undefined) {
            expect(overall).toBeGreaterThanOrEqual(0);
            expect(overall).toBeLessThanOrEqual(100);
          }
          expect(parts.every(({ well, failing, percent }) => well + failing > 0 === (percent !== undefined))).toBe(
            true,
          );
          for (const finding of findings) {
            const { key, check, state, breach, critical, seenBy } = finding;
            // nobody has a voice who has not reported lately, and that somebody sees it is never made up
            expect(check === 'detectors' || seenBy.every((from) => seeing(judgement).includes(from))).toBe(true);
            if (breach) {
              breaches += 1;
              expect(critical && state === 'failing' && seenBy.length >= 2, key).toBe(true);
              expect(['region', 'database_connectivity', 'application_response']).toContain(check);
            }
            if (check === 'region' && state === 'failing' && seenBy.length > 0) {
              dead += 1;
              expect(seenBy.length).toBeGreaterThanOrEqual(2);
            }
            if (seeing(judgement).length === 0 && check !== 'detectors') expect(state).not.toBe('failing');
            expect(finding.since.getTime()).toBeLessThanOrEqual(judgement.at.getTime());
            expect(finding.title).not.toBe('');
            expect(finding.next).toMatch(/^(\/dr |dr |node )/);
          }
          for (const finding of told(findings)) {
            if (finding.consequenceOf === undefined) continue;
            expect(finding.state).not.toBe('failing');
            // what explains it is itself told
            const reason = findings.find(({ key }) => key === finding.consequenceOf);
            const backForMs = judgement.at.getTime() - (reason?.since.getTime() ?? 0);
            // or its region is back, and has a few rounds for the rest of it
            expect(reason?.state !== 'well' || (reason?.check === 'region' && backForMs <= 90_000)).toBe(true);
          }
        }
      }),
      { seed: 11, numRuns: 25 },
    );
    // the runs reach what they are about
    expect(dead).toBeGreaterThan(0);
    expect(breaches).toBeGreaterThan(0);
  });

  it('when everything has been well long enough, nothing is left', () => {
    fc.assert(
      fc.property(spells, (all) => {
        const short = all.map((each) => ({ ...each, start: each.start % 200, lasts: each.lasts % 200 }));
        const { sees, reports } = silentAfter(short);
        const { last } = watchFor({ seconds: 2_400, sees, reports });
        expect(last.findings.filter(({ state }) => state !== 'well')).toEqual([]);
        expect(last.overall).toBe(100);
      }),
      { seed: 12, numRuns: 6 },
    );
  });
});

function silentAfter(all: readonly Spell[]): { sees: Sees; reports: (region: Region, at: Date) => boolean } {
  return {
    sees: (region, probe, at) =>
      all.some(
        (each) =>
          each.kind !== 'silent' &&
          isAt(each, at) &&
          isFrom(each, region) &&
          (each.probe === PROBES.length || PROBES[each.probe] === probe),
      )
        ? FAILED('x')
        : undefined,
    reports: (region, at) =>
      at < moment(5) || !all.some((each) => each.kind === 'silent' && isAt(each, at) && isFrom(each, region)),
  };
}
