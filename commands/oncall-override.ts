import { z } from 'zod';
import { takeOver } from '#flows';
import { defineCommand } from './command.ts';

export const oncallOverrideCommand = defineCommand({
  name: 'oncall override',
  summary: 'Somebody takes a role for a while: whom we call, never who may approve',
  usage: '<role> <person> [--from <time>] --until <time> [--reason "..."]',
  group: 'People',
  examples: [
    '/dr oncall override database-admin "David Kim" --until "in 8 hours"',
    '/dr oncall override database-admin david-kim --from "2026-12-24 18:00 America/New_York" --until "2026-12-27 09:00 my time" --reason "travel"',
  ],
  args: z.object({
    role: z.string().min(1).max(60),
    person: z.string().min(1).max(60),
    from: z.string().max(60).optional(),
    until: z.string().max(60),
    reason: z.string().min(3).max(300).optional(),
  }),
  words: ['role', 'person'],
  switches: [],
  role: { kind: 'plan', rule: 'oncall-override' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (args, asked, world) => takeOver(args, asked, world) },
});
