import { z } from 'zod';
import { pageMyself } from '#flows';
import { defineCommand } from './command.ts';

export const pageTestCommand = defineCommand({
  name: 'page test',
  summary: 'A test page to yourself, by every way that a real one would take',
  usage: '',
  group: 'Set up',
  examples: ['/dr page test'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'plan', rule: 'page' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, asked, world) => pageMyself(asked, world.flow()) },
});
