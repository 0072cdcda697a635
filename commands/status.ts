import { z } from 'zod';
import { statusCard } from '#flows';
import { defineCommand } from './command.ts';

export const statusCommand = defineCommand({
  name: 'status',
  summary: 'How things are now, in one look',
  usage: '[--here]',
  group: 'Now',
  inHelp: ['/dr status'],
  examples: ['/dr status', '/dr status --here'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, asked, world) => statusCard(asked, world) },
});
