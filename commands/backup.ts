import { z } from 'zod';
import { backupPreview } from '#flows';
import { defineCommand } from './command.ts';

export const backupCommand = defineCommand({
  name: 'backup',
  summary: 'Back up now, all of it or only what changed',
  usage: 'mongodb [--changes] [--dry-run]',
  group: 'Back up',
  inHelp: ['/dr backup mongodb'],
  examples: ['/dr backup mongodb', '/dr backup mongodb --changes'],
  args: z.object({
    component: z.enum(['mongodb'], { error: 'only mongodb can be backed up so far' }),
    changes: z.boolean().default(false),
  }),
  words: ['component'],
  switches: ['changes'],
  role: { kind: 'plan', rule: 'backup' },
  approval: { kind: 'plan', policy: 'backup' },
  does: { kind: 'runs', preview: async ({ changes }, _asked, world) => backupPreview({ changes }, world) },
});
