import { z } from 'zod';
import { restorePreview } from '#flows';
import { defineCommand } from './command.ts';

export const restoreCommand = defineCommand({
  name: 'restore',
  summary: 'Restore a backup, or any second since, beside the live data, and prove it',
  usage: 'latest | <B-number> | --to <time> [--only <collections>] [--dry-run]',
  group: 'Get data back',
  examples: [
    '/dr restore latest',
    '/dr restore --to "10 minutes ago"',
    '/dr restore --to "2026-11-23 14:03:20" --only driver_logs',
  ],
  args: z
    .object({
      backup: z.string().min(1).max(40).optional(),
      to: z.string().min(1).max(80).optional(),
      only: z.string().max(500).optional(),
    })
    .refine(({ backup, to }) => backup !== undefined || to !== undefined, {
      error: 'what to restore is missing: latest, a backup, or --to a time',
      path: ['backup'],
    }),
  words: ['backup'],
  switches: [],
  role: { kind: 'plan', rule: 'restore' },
  approval: { kind: 'plan', policy: 'restore' },
  does: {
    kind: 'runs',
    preview: async ({ backup, to, only }, asked, world) => restorePreview({ backup, to, only }, asked.at, world),
  },
});
