import { z } from 'zod';
import { goOn } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const resumeCommand = defineCommand({
  name: 'resume',
  summary: 'Let a held run go on, or have a failed step tried again',
  usage: '<R-number>',
  group: 'Stop',
  examples: ['/dr resume R-42'],
  args: z.object({ request: RequestArgument }),
  words: ['request'],
  switches: [],
  role: { kind: 'plan', rule: 'resume' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ request }, asked, world) => goOn(request, asked, world.flow()) },
});
