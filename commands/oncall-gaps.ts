import { z } from 'zod';
import { gapsCard } from '#flows';
import { defineCommand } from './command.ts';

export const oncallGapsCommand = defineCommand({
  name: 'oncall gaps',
  summary: 'When nobody or only one person would be called, and who can not be reached',
  usage: '',
  group: 'People',
  examples: ['/dr oncall gaps'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, asked, world) => gapsCard(asked, world) },
});
