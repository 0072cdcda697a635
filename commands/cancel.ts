import { z } from 'zod';
import { cancel } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const cancelCommand = defineCommand({
  name: 'cancel',
  summary: 'Take back what you asked for, or close a failed run',
  usage: '<R-number>',
  group: 'Stop',
  inHelp: ['/dr cancel R-42'],
  examples: ['/dr cancel R-42'],
  args: z.object({ request: RequestArgument }),
  words: ['request'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ request }, asked, world) => cancel(request, asked, world.flow()) },
});
