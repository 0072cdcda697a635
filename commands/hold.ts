import { z } from 'zod';
import { hold, holdLater } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const holdCommand = defineCommand({
  name: 'hold',
  summary: 'Hold a run after the step it is at, at a later step, or before it starts by itself',
  usage: '<R-number> [--at <step>] [--reason "..."]',
  group: 'Stop',
  inHelp: ['/dr hold R-42'],
  examples: ['/dr hold R-42 --reason "checking driver app"', '/dr hold R-42 --at verify'],
  args: z.object({ request: RequestArgument, at: z.string().optional(), reason: z.string().max(300).optional() }),
  words: ['request'],
  switches: [],
  role: { kind: 'plan', rule: 'hold' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ request, at, reason }, asked, world) =>
      at === undefined
        ? hold(request, reason, asked, world.flow())
        : holdLater(request, { step: at, reason }, asked, world.flow()),
  },
});
