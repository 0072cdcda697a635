import { type Company, EAST, type SandboxRegion, WEST } from '#sandbox/company';
import { pick, type Seeded } from '../../e2e/scenarios/seeded.ts';
import { STRICKEN, smallParts } from './parts.ts';

/** What is under way when it happens. */
export const DURING = ['nothing', 'move', 'restore'] as const;
export type During = (typeof DURING)[number];

export interface Act {
  /** After the beginning of the disaster. */
  readonly atMs: number;
  readonly what: string;
  readonly run: () => Promise<void> | void;
}

export interface Disaster {
  readonly region: SandboxRegion;
  readonly during: During;
  /** How long after what is under way was begun. */
  readonly afterMs: number;
  /** How long responders take before they do something. */
  readonly lookMs: number;
  /** Whether a line of the region is cut. */
  readonly cut: boolean;
  readonly acts: readonly Act[];
}

/** One disaster of one region, by the seed alone: what, how, and in which order. */
export function drawDisaster(company: Company, random: Seeded): Disaster {
  const region = pick(random, STRICKEN);
  const during = pick(random, DURING);
  const whole = random() < 0.4;
  const apart = random() < 0.5 ? 0 : 4_000;
  const parts = smallParts(company, region).filter(() => whole || random() < 0.5);
  const how = pick(random, ['kill', 'kill', 'freeze', 'mixed'] as const);
  const acts = parts.map((part): Act => {
    const frozen = how === 'freeze' || (how === 'mixed' && random() < 0.5);
    return {
      atMs: Math.round(random() * apart),
      what: `${frozen ? 'froze' : 'killed'} ${part.name}`,
      run: () => (frozen ? part.freeze() : part.kill()),
    };
  });
  // a region that is cut off lives: that is what makes it dangerous
  const cut = company.network !== undefined && random() < 0.35;
  const lines = cut ? [cutAct(company, region, random, apart)] : [];
  const [elsewhere] = company.roles.filter((role) => role.region !== region && role.region !== 'eu-west-1');
  const restarted: Act[] =
    elsewhere && random() < 0.3
      ? [
          {
            atMs: Math.round(random() * 8_000),
            what: `killed ${elsewhere.name} once`,
            run: () => elsewhere.kill('SIGKILL'),
          },
        ]
      : [];
  const kept = cut && random() < 0.7 ? [] : acts;
  return {
    region,
    during,
    cut,
    afterMs: Math.round(random() * 12_000),
    lookMs: 5_000 + Math.round(random() * 15_000),
    acts: [...kept, ...lines, ...restarted].toSorted((a, b) => a.atMs - b.atMs),
  };
}

function cutAct(company: Company, region: SandboxRegion, random: Seeded, apart: number): Act {
  const other = region === EAST ? WEST : EAST;
  const way = pick(random, ['both', 'both', 'out', 'back'] as const);
  return {
    atMs: Math.round(random() * apart),
    what:
      way === 'both' ? `cut ${region} off` : `cut ${way === 'out' ? region : other}>${way === 'out' ? other : region}`,
    run: async () => {
      if (way === 'both') await company.network?.cutOff(region);
      else if (way === 'out') await company.network?.block(region, other);
      else await company.network?.block(other, region);
    },
  };
}
