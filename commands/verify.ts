import { z } from 'zod';
import { verifyPreview } from '#flows';
import { defineCommand } from './command.ts';

export const verifyCommand = defineCommand({
  name: 'verify',
  summary: 'Read backups and what was captured back in every region, and heal damaged copies',
  usage: '[latest | captured | all | <B-number>] [--percent <1-100>] [--dry-run]',
  group: 'Get data back',
  examples: ['/dr verify', '/dr verify B-1123-0800', '/dr verify captured', '/dr verify --percent 15'],
  args: z.object({
    backup: z.string().min(1).max(40).default('latest'),
    percent: z.coerce.number({ error: 'a number from 1 to 100' }).min(1).max(100).optional(),
  }),
  words: ['backup'],
  switches: [],
  role: { kind: 'plan', rule: 'verify' },
  approval: { kind: 'none' },
  does: {
    kind: 'runs',
    preview: async ({ backup, percent }, _asked, world) => verifyPreview({ backup, percent }, world),
  },
});
