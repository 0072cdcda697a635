import { z } from 'zod';
import { commitMove } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const commitCommand = defineCommand({
  name: 'commit',
  summary: 'Say that a move stays: Holdfast may propose the next one before its time',
  usage: '<R-number>',
  group: 'Move',
  examples: ['/dr commit R-42'],
  args: z.object({ request: RequestArgument }),
  words: ['request'],
  switches: [],
  role: { kind: 'plan', rule: 'failover' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ request }, asked, world) => commitMove(request, asked, world.flow()) },
});
