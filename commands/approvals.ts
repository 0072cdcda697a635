import { z } from 'zod';
import { approvalsCard } from '#flows';
import { defineCommand } from './command.ts';

export const approvalsCommand = defineCommand({
  name: 'approvals',
  summary: 'What waits for approval, and for whom',
  usage: '',
  group: 'Now',
  inHelp: ['/dr approvals'],
  examples: ['/dr approvals'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, asked, world) => approvalsCard(asked, world.flow()) },
});
