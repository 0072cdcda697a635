import { z } from 'zod';
import { backupsCard } from '#flows';
import { defineCommand } from './command.ts';

export const backupsCommand = defineCommand({
  name: 'backups',
  summary: 'The backups there are, newest first',
  usage: '[--skip <number>]',
  group: 'Get data back',
  examples: ['/dr backups'],
  args: z.object({ skip: z.coerce.number().int().min(0).max(10_000).default(0) }),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ skip }, _asked, world) => backupsCard(world, skip) },
});
