import { z } from 'zod';
import { incidentsCard } from '#flows';
import { defineCommand } from './command.ts';

export const incidentCommand = defineCommand({
  name: 'incident',
  summary: 'Which incidents are open, and which ended last',
  usage: '',
  group: 'Now',
  examples: ['/dr incident'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, _asked, world) => incidentsCard(world.flow()) },
});
