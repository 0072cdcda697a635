import { describe, expect, it } from 'vitest';
import { keptUntil, sayRetention } from '#plan';

describe('retention', () => {
  it('counts calendar years, so that leap days are kept too', () => {
    expect(keptUntil({ years: 7 }, new Date('2026-11-23T08:00:00Z'))).toEqual(new Date('2033-11-23T08:00:00Z'));
    expect(keptUntil({ years: 1 }, new Date('2028-02-29T00:00:00Z'))).toEqual(new Date('2029-02-28T00:00:00Z'));
  });

  it('counts days of 24 hours, whatever the clocks of people do', () => {
    expect(keptUntil({ days: 30 }, new Date('2026-10-20T03:00:00Z'))).toEqual(new Date('2026-11-19T03:00:00Z'));
  });

  it('never ends where it is for ever', () => {
    expect(keptUntil('forever', new Date())).toBeUndefined();
  });

  it('is said in words', () => {
    expect([sayRetention({ days: 1 }), sayRetention({ years: 7 }), sayRetention('forever')]).toEqual([
      '1 day',
      '7 years',
      'for ever',
    ]);
  });
});
