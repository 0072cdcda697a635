import { z } from 'zod';
import { stop } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const stopCommand = defineCommand({
  name: 'stop',
  summary: 'Stop a run and put back what it did, while that is possible',
  usage: '<R-number> [--reason "..."]',
  group: 'Stop',
  inHelp: ['/dr stop R-42'],
  examples: ['/dr stop R-42'],
  args: z.object({ request: RequestArgument, reason: z.string().max(300).optional() }),
  words: ['request'],
  switches: [],
  role: { kind: 'plan', rule: 'stop' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ request, reason }, asked, world) => stop(request, reason, asked, world.flow()),
  },
});
