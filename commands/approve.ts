import { z } from 'zod';
import { approve } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const approveCommand = defineCommand({
  name: 'approve',
  summary: 'Approve a request that waits for you',
  usage: '<R-number> --preview <hash> [--code <6 digits>]',
  group: 'Stop',
  examples: ['/dr approve R-42 --preview 9f3c-21ab'],
  args: z.object({
    request: RequestArgument,
    preview: z.string().regex(/^[0-9a-f]{4}-[0-9a-f]{4}$/, 'a preview looks like 9f3c-21ab; /dr show has it'),
    code: z
      .string()
      .regex(/^\d{6}$/, 'the code has 6 digits')
      .optional(),
  }),
  words: ['request'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async (args, asked, world) => approve(args, asked, world.flow()),
  },
});
