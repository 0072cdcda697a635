import { describe, expect, test } from 'vitest';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { Life } from './model/life.ts';
import { planted } from './model/planted.ts';

/** Something happens every five days or so: ten years of it take seconds. `npm run soak -- retention` takes its time. */
const PACE = 5;
const TEN_YEARS = 3_650;
const THREE_YEARS = 1_095;

test.each([2])(
  'in ten years of crashes, wrong clocks, holds and restores nothing promised is lost and nothing unneeded stays (seed %i)',
  async (seed) => {
    const life = new Life(seeded(seed));
    await life.live(TEN_YEARS, PACE);
    expect(life.faults).toEqual([]);
    // all of it really happened
    for (const [what, times] of Object.entries(life.tally)) expect(times, what).toBeGreaterThan(0);
    expect(life.tally.removed).toBeGreaterThan(200);
  },
  60_000,
);

/** Whether some life with this mistake in it shows it. */
async function firstFault(plant: (typeof planted)[string], seeds: number): Promise<string | undefined> {
  for (let seed = 11; seed < 11 + seeds; seed += 1) {
    const life = new Life(seeded(seed), plant);
    await life.live(THREE_YEARS, 4);
    const [fault] = life.faults;
    if (fault) return fault;
  }
  return undefined;
}

describe('the model finds the mistake when', () => {
  test.each(Object.keys(planted))(
    '%s',
    async (name) => {
      expect(await firstFault(planted[name] as (typeof planted)[string], 4)).toBeDefined();
    },
    60_000,
  );
});
