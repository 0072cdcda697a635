import { z } from 'zod';
import { detailsCard, requestCard, viewOf } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument, unknownRequest } from './request-argument.ts';

export const showCommand = defineCommand({
  name: 'show',
  summary: 'A request and its run, as they are now',
  usage: '<R-number> [--details]',
  group: 'Look',
  inHelp: ['/dr show R-42'],
  examples: ['/dr show R-42'],
  args: z.object({ request: RequestArgument, details: z.boolean().default(false) }),
  words: ['request'],
  switches: ['details'],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ request, details }, _asked, world) => {
      const view = await viewOf(request, world.flow());
      if (!view) throw unknownRequest(request);
      return details ? detailsCard(view) : requestCard(view);
    },
  },
});
