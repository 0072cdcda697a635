import type { RetentionPolicy } from '#retention';
import { pick, type Seeded } from '../../e2e/scenarios/seeded.ts';

const between = (random: Seeded, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));

/** Terms as plans have them, only shorter, so that ten years see everything go many times. */
export function somePolicy(random: Seeded): RetentionPolicy {
  const days = (least: number, most: number) => ({ days: between(random, least, most) });
  return {
    tiers: {
      hourly: days(1, 5),
      daily: days(3, 20),
      weekly: days(14, 60),
      monthly: random() < 0.3 ? { years: 1 } : days(60, 300),
      yearly: { years: between(random, 1, 3) },
    },
    continuousDays: between(random, 2, 30),
    graceDays: between(random, 2, 9),
    lockMode: pick(random, ['governance', 'compliance'] as const),
    timeZone: pick(random, ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland'] as const),
  };
}
