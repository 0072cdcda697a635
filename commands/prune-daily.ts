import { z } from 'zod';
import { pruneDailyPreview } from '#flows';
import { defineCommand } from './command.ts';

export const pruneDailyCommand = defineCommand({
  name: 'prune daily',
  summary: 'The daily round now: mark what nothing needs, lock what stays for its term',
  usage: '[--dry-run]',
  group: 'Back up',
  examples: ['/dr prune daily'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'plan', rule: 'prune-daily' },
  approval: { kind: 'none' },
  does: { kind: 'runs', preview: async (_args, _asked, world) => pruneDailyPreview(world) },
});
