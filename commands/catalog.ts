import { z } from 'zod';
import { catalogCard } from '#flows';
import { defineCommand } from './command.ts';

export const catalogCommand = defineCommand({
  name: 'catalog',
  summary: 'The catalog of backups: how many, and how it compared with the buckets',
  usage: '',
  group: 'Look',
  examples: ['/dr catalog'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, _asked, world) => catalogCard(world) },
});
