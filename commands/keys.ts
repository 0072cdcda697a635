import { z } from 'zod';
import { keysCard } from '#flows';
import { defineCommand } from './command.ts';

export const keysCommand = defineCommand({
  name: 'keys',
  summary: "The data keys: age, regions, and what each region's key opens alone",
  usage: '',
  group: 'Look',
  examples: ['/dr keys'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, _asked, world) => keysCard(world) },
});
