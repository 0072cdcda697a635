import { z } from 'zod';
import { unapprove } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const unapproveCommand = defineCommand({
  name: 'unapprove',
  summary: 'Take your approval back, before it has started',
  usage: '<R-number>',
  group: 'Stop',
  examples: ['/dr unapprove R-42'],
  args: z.object({ request: RequestArgument }),
  words: ['request'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ request }, asked, world) => unapprove(request, asked, world.flow()) },
});
