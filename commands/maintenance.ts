import { z } from 'zod';
import { DrError, Region } from '#core';
import { beginMaintenanceCard, maintenanceCard } from '#flows';
import { CHECK_NAMES, type Plan } from '#plan';
import { defineCommand } from './command.ts';

const UNIT_MS = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Past a week nobody remembers what is silenced. */
const LONGEST_MS = 7 * UNIT_MS.d;

/** `2h`, `90m`, `1d`. In ms. */
const Lasting = z.string().transform((text, context) => {
  const [, count, unit] = /^([0-9]{1,4})(min|m|h|d)$/.exec(text) ?? [];
  const ms = unit === undefined ? 0 : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  context.addIssue({ code: 'custom', message: 'a time like 45m, 2h or 1d, at most 7d' });
  return z.NEVER;
});

export const maintenanceCommand = defineCommand({
  name: 'maintenance',
  summary: 'Silence what is found about a region or a check while somebody works on it; alone: what is open',
  usage: '[<region|check> <time> "<why>"]',
  group: 'People',
  examples: ['/dr maintenance us-east-1 2h "index build"', '/dr maintenance'],
  args: z.object({
    of: z.string().min(1).max(40).optional(),
    lasts: Lasting.optional(),
    why: z.string().min(3).max(300).optional(),
  }),
  words: ['of', 'lasts', 'why'],
  switches: [],
  role: { kind: 'plan', rule: 'maintenance' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ of, lasts, why }, asked, world) => {
      if (of === undefined) return maintenanceCard(world);
      if (lasts === undefined || why === undefined) {
        const missing = lasts === undefined ? 'for how long, and why' : 'why';
        throw new DrError('ARGUMENTS_INVALID', 'user', `Say ${missing}. Nothing was changed.`, {
          hint: `/dr maintenance ${of} 2h "index build"`,
        });
      }
      return beginMaintenanceCard({ of: whatOf(of, world.plan), lastsMs: lasts, why }, asked, world);
    },
  },
});

function whatOf(typed: string, plan: Plan) {
  const region = Region.safeParse(typed);
  if (region.success && region.data in plan.regions) return region.data;
  const check = CHECK_NAMES.find((name) => name === typed || name.replaceAll('_', '-') === typed);
  if (check) return check;
  const known = [...Object.keys(plan.regions), ...CHECK_NAMES];
  throw new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `"${typed}" is neither a region nor a check: ${known.join(', ')}. Nothing was changed.`,
    { hint: `/dr maintenance ${known[0]} 2h "index build"` },
  );
}
