import { z } from 'zod';
import { hold } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const holdCommand = defineCommand({
  name: 'hold',
  summary: 'Hold a run after the step it is at, or before it starts by itself',
  usage: '<R-number> [--reason "..."]',
  group: 'Stop',
  inHelp: ['/dr hold R-42'],
  examples: ['/dr hold R-42 --reason "checking driver app"'],
  args: z.object({ request: RequestArgument, reason: z.string().max(300).optional() }),
  words: ['request'],
  switches: [],
  role: { kind: 'plan', rule: 'hold' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ request, reason }, asked, world) => hold(request, reason, asked, world.flow()),
  },
});
