import { z } from 'zod';
import { backupPreview } from '#flows';
import { defineCommand } from './command.ts';

export const backupCommand = defineCommand({
  name: 'backup',
  summary: 'Take a full backup now',
  usage: 'mongodb [--dry-run]',
  group: 'Back up',
  examples: ['/dr backup mongodb'],
  args: z.object({ component: z.enum(['mongodb'], { error: 'only mongodb can be backed up so far' }) }),
  words: ['component'],
  switches: [],
  role: { kind: 'plan', rule: 'backup' },
  approval: { kind: 'plan', policy: 'backup' },
  does: { kind: 'runs', preview: async (_args, _asked, world) => backupPreview(world) },
});
