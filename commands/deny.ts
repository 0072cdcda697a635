import { z } from 'zod';
import { deny } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const denyCommand = defineCommand({
  name: 'deny',
  summary: 'Refuse a request that waits, with a reason',
  usage: '<R-number> --reason "..."',
  group: 'Stop',
  examples: ['/dr deny R-42 --reason "maintenance ends 03:30, wait"'],
  args: z.object({ request: RequestArgument, reason: z.string().min(3, 'say why in a few words').max(300) }),
  words: ['request'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ request, reason }, asked, world) => deny(request, reason, asked, world.flow()),
  },
});
