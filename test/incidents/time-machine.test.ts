import { describe, expect, it } from 'vitest';
import type { IncidentsWorld } from '#incidents';
import { loadPlan, type Plan } from '#plan';
import type { ControlStore } from '#ports';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { live } from './time-machine/live.ts';
import { type Planted, Year } from './time-machine/year.ts';

const { plan } = await loadPlan('plan.yaml');

async function lived(seed: number, incidents: number, planted?: Planted): Promise<Year> {
  const year = new Year(seeded(seed), plan, planted);
  await live(year, incidents, incidents);
  return year;
}

describe('a year of incidents', () => {
  it.each([1, 2])('calls whoever the plan says, once, never early and never late (seed %i)', async (seed) => {
    const year = await lived(seed, 6);
    expect(year.faults).toEqual([]);
    expect(year.tally.calls).toBeGreaterThan(20);
    expect(year.tally.crashes).toBeGreaterThan(0);
  });

  it.each<[string, Planted]>([
    ['a minute early', { plan: withEscalation(14) }],
    ['a minute late', { plan: withEscalation(16) }],
    [
      'without one of the roles',
      { plan: (given) => withSeverity(given, { page: [given.severities['sev-1'].page[0]] }) },
    ],
    ['on when one of two has it', { plan: (given) => withSeverity(given, { acknowledgedBy: 'one' }) }],
    ['with a page lost after it was decided', { store: losingPages }],
    ['whoever has gone off duty', { world: (world) => ({ ...world, duty: yesterdays(world) }) }],
    [
      'although a holiday is no business day',
      { plan: (given) => ({ ...given, businessDays: { ...given.businessDays, holidays: [] } }) },
    ],
  ])('is found out when it calls %s', async (_, planted) => {
    const faults: string[] = [];
    for (let seed = 1; seed <= 8 && faults.length === 0; seed += 1)
      faults.push(...(await lived(seed, 6, planted)).faults);
    expect(faults.join('\n')).toMatch(/page/);
  });
});

type Sev = Plan['severities']['sev-1'];

function withSeverity(given: Plan, change: object): Plan {
  const severity = { ...given.severities['sev-1'], ...change } as Sev;
  return { ...given, severities: { ...given.severities, 'sev-1': severity } };
}

function withEscalation(minutes: number): (given: Plan) => Plan {
  return (given) => withSeverity(given, { escalateAfter: { minutes } });
}

/** Every twentieth page is gone, as if it had been made before it was decided and the process had died. */
function losingPages(store: ControlStore): ControlStore {
  let made = 0;
  return {
    ...store,
    records: (name, schema, options) => {
      const records = store.records(name, schema, options);
      if (name !== 'pages') return records;
      return {
        ...records,
        insert: async (value) => {
          made += 1;
          if (made % 20 !== 0) await records.insert(value);
        },
      };
    },
  };
}

const yesterdays = ({ duty }: IncidentsWorld): IncidentsWorld['duty'] => {
  const before = (at: Date): Date => new Date(at.getTime() - 86_400_000);
  return {
    ladders: (roles, at) => duty.ladders(roles, before(at)),
    onDuty: (role, at) => duty.onDuty(role, before(at)),
  };
};
