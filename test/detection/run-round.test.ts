import { describe, expect, it } from 'vitest';
import { createSettableClock, type SettableClock } from '#adapters/memory';
import { DrError } from '#core';
import { createRounds, keepTime, type Probe } from '#detection';
import type { Look, ProbeResult } from '#ports';

const START = new Date('2026-11-23T08:00:00Z');
const WELL: ProbeResult = { state: 'well', words: ['it answers'], numbers: {} };

const probe = (name: string, run: Look): Probe => ({
  name,
  check: 'external_dependencies',
  subject: name,
  speaksFor: 'itself',
  run,
});

const roundsOf = (clock: SettableClock, ...probes: Probe[]) => createRounds({ probes, withinMs: 10_000, clock });

describe('a round', () => {
  it('asks everything at once and takes as long as the slowest answer', async () => {
    const clock = createSettableClock(START);
    const slow =
      (ms: number): Look =>
      (signal) =>
        clock.sleep(ms, signal).then(() => WELL);
    const going = roundsOf(clock, probe('a', slow(3_000)), probe('b', slow(4_000))).round();
    await clock.advance(4_000);
    expect((await going).map(({ ms, result }) => [ms, result.state])).toEqual([
      [3_000, 'well'],
      [4_000, 'well'],
    ]);
  });

  it('sees nothing by the silence of a look whose subject another one speaks for', async () => {
    const clock = createSettableClock(START);
    const quiet = { ...probe('queue', () => new Promise(() => undefined)), quiet: true as const };
    const rounds = roundsOf(clock, quiet);
    for (const words of ['no answer in 10 s', 'no answer for 10 s']) {
      const going = rounds.round();
      await clock.advance(10_000);
      expect((await going).map(({ result }) => result)).toMatchObject([{ state: 'unknown', words: [words] }]);
    }
  });

  it('ends at its deadline, tells the probe so, and counts its silence as a failure', async () => {
    const clock = createSettableClock(START);
    let told = false;
    const deaf: Look = (signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          told = true;
        });
      });
    const going = roundsOf(
      clock,
      probe('redis', deaf),
      probe('b', async () => WELL),
    ).round();
    await clock.advance(10_000);
    const [first, second] = await going;
    expect(first?.result).toMatchObject({
      state: 'failed',
      what: 'redis does not answer',
      words: ['no answer in 10 s'],
    });
    expect(second?.result.state).toBe('well');
    expect(told).toBe(true);
  });

  it('does not ask again what has not answered yet: rounds never pile up', async () => {
    const clock = createSettableClock(START);
    let asked = 0;
    let release: (() => void) | undefined;
    const stuck: Look = () => {
      asked += 1;
      return new Promise((resolve) => {
        release = () => resolve(WELL);
      });
    };
    const rounds = roundsOf(clock, probe('disk', stuck));
    for (let turn = 0; turn < 20; turn += 1) {
      const going = rounds.round();
      await clock.advance(30_000);
      expect((await going)[0]?.result.state).toBe('failed');
    }
    expect(asked).toBe(1);
    expect(rounds.open()).toBe(1);
    release?.();
    await clock.advance(0);
    const going = rounds.round();
    await clock.advance(0);
    expect(asked).toBe(2);
    release?.();
    expect((await going)[0]?.result.state).toBe('well');
  });

  it.each([
    ['transient', 'failed'],
    ['permanent', 'unknown'],
    ['bug', 'unknown'],
  ] as const)('takes a %s error as %s, and never as well', async (kind, state) => {
    const clock = createSettableClock(START);
    const refusing = probe('kms', async () => {
      throw new DrError('KEY_REFUSED', kind, 'kms said\nno');
    });
    const [seen] = await roundsOf(
      clock,
      refusing,
      probe('sync', () => {
        throw new TypeError('x is not a function');
      }),
    ).round();
    expect(seen?.result).toMatchObject({ state, words: [{ quote: 'kms said no' }] });
  });
});

describe('the times of rounds', () => {
  it('do not drift, and what takes too long leaves times out instead of catching up', async () => {
    const clock = createSettableClock(START);
    const began: number[] = [];
    const takesMs = [1_000, 29_999, 65_000, 1_000, 30_000, 1_000];
    const ended = new AbortController();
    const running = keepTime(
      30_000,
      async () => {
        began.push(clock.monotonicMs());
        await clock.sleep(takesMs[began.length - 1] ?? 0);
        if (began.length === 3) throw new Error('once');
      },
      { clock, signal: ended.signal, onFailure: () => undefined },
    );
    await clock.advance(240_000);
    ended.abort();
    await running;
    expect(began).toEqual([0, 30_000, 60_000, 150_000, 180_000, 210_000, 240_000]);
  });
});
