import { loadPlan } from '#plan';
import { seeded } from '../../e2e/scenarios/seeded.ts';
import type { SoakGround } from '../../soak/ground.ts';
import { live } from './live.ts';
import { Year } from './year.ts';

/** So many incidents make a year. */
const OF_YEAR = 1_000;
/** So many are lived through before the pager has a rest and everything is counted. */
const A_ROUND = 10;

/** Then it goes on with empty records: nothing remembers more than its own incident, and looking through a year of pages takes time. */
const ROUNDS_OF_ONE = 50;

/** A round is one incident; every tenth brings ten. */
export async function yearGround(): Promise<SoakGround> {
  const { plan } = await loadPlan('plan.yaml');
  let year: Year | undefined;
  let rounds = 0;
  return {
    round: async (random, note) => {
      rounds += 1;
      if (rounds % A_ROUND !== 0) return [];
      if (!year || rounds % ROUNDS_OF_ONE === A_ROUND || year.faults.length > 0) {
        year = new Year(seeded(Math.floor(random() * 2 ** 32)), plan, {}, year?.now);
      }
      await live(year, A_ROUND, OF_YEAR);
      note(`${new Date(year.now).toISOString().slice(0, 10)} ${JSON.stringify(year.tally)}`);
      return [...year.faults];
    },
    stop: async () => undefined,
  };
}
