import { z } from 'zod';
import { swapTurns } from '#flows';
import { defineCommand } from './command.ts';

export const oncallSwapCommand = defineCommand({
  name: 'oncall swap',
  summary: 'Two people exchange their next turns in a role',
  usage: '<role> <person> <person> [--from <time>] [--reason "..."]',
  group: 'People',
  examples: ['/dr oncall swap database-admin "Alex Chen" "David Kim"'],
  args: z.object({
    role: z.string().min(1).max(60),
    person: z.string().min(1).max(60),
    other: z.string().min(1).max(60),
    from: z.string().max(60).optional(),
    reason: z.string().min(3).max(300).optional(),
  }),
  words: ['role', 'person', 'other'],
  switches: [],
  role: { kind: 'plan', rule: 'oncall-override' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (args, asked, world) => swapTurns(args, asked, world) },
});
