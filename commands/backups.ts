import { z } from 'zod';
import { backupsCard, windowCard } from '#flows';
import { defineCommand } from './command.ts';

export const backupsCommand = defineCommand({
  name: 'backups',
  summary: 'The backups there are, or every second that can be restored',
  usage: '[--window] [--skip <number>]',
  group: 'Get data back',
  inHelp: ['/dr backups'],
  examples: ['/dr backups', '/dr backups --window'],
  args: z.object({
    skip: z.coerce.number().int().min(0).max(10_000).default(0),
    window: z.boolean().default(false),
  }),
  words: [],
  switches: ['window'],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ skip, window }, _asked, world) => (window ? windowCard(world) : backupsCard(world, skip)),
  },
});
