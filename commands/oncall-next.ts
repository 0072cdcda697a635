import { z } from 'zod';
import { nextCard } from '#flows';
import { defineCommand } from './command.ts';

export const oncallNextCommand = defineCommand({
  name: 'oncall next',
  summary: 'The hand-overs to come, of all roles or of one',
  usage: '[role]',
  group: 'People',
  examples: ['/dr oncall next', '/dr oncall next database-admin'],
  args: z.object({ role: z.string().min(1).max(60).optional() }),
  words: ['role'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ role }, asked, world) => nextCard({ role }, asked, world) },
});
