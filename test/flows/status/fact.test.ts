import { describe, expect, it } from 'vitest';
import { createSettableClock } from '#adapters/memory';
import { DrError } from '#core';
import { factWithin } from '#flows';

describe('a fact with a deadline', () => {
  it('is not known when nobody answers in time, and nobody waits longer', async () => {
    const clock = createSettableClock(new Date('2026-11-23T08:12:00Z'));
    const asked = factWithin(clock, 1_600, () => new Promise<never>(() => undefined));
    await clock.advance(1_600);
    expect(await asked).toEqual({ known: false, why: 'no answer in 1.6 s' });
  });

  it('is known with the time it took', async () => {
    const clock = createSettableClock(new Date('2026-11-23T08:12:00Z'));
    expect(await factWithin(clock, 1_600, async () => 7)).toMatchObject({ known: true, value: 7 });
    expect(clock.sleepers()).toBe(0);
  });

  it('carries the reason when the question was refused, also one that throws at once', async () => {
    const clock = createSettableClock(new Date('2026-11-23T08:12:00Z'));
    const refused = new DrError('DNS_UNAVAILABLE', 'transient', 'Route 53 does not answer. Ask again.');
    expect(await factWithin(clock, 1_600, () => Promise.reject(refused))).toEqual({
      known: false,
      why: 'Route 53 does not answer',
    });
    const thrown = await factWithin(clock, 1_600, () => {
      throw refused;
    });
    expect(thrown.known).toBe(false);
  });
});
