import { z } from 'zod';
import { readinessCard } from '#flows';
import { defineCommand } from './command.ts';

export const readinessCommand = defineCommand({
  name: 'readiness',
  summary: 'Whether each region could take over now: fitness, rights, keys, DNS, people: each looked at',
  usage: '',
  group: 'Now',
  examples: ['/dr readiness'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, _asked, world) => readinessCard(world) },
});
