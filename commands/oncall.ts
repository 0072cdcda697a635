import { z } from 'zod';
import { oncallCard } from '#flows';
import { defineCommand } from './command.ts';

export const oncallCommand = defineCommand({
  name: 'oncall',
  summary: 'Who is on duty for which role, until when, and who then',
  usage: '',
  group: 'People',
  inHelp: ['/dr oncall'],
  examples: ['/dr oncall'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, asked, world) => oncallCard(asked, world) },
});
