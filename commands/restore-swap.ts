import { z } from 'zod';
import { swapPreview } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const restoreSwapCommand = defineCommand({
  name: 'restore swap',
  summary: 'Put restored data into the place of the live data',
  usage: '<R-number of the restore> [--only <collections> | --all] [--dry-run]',
  group: 'Get data back',
  examples: ['/dr restore swap R-44', '/dr restore swap R-44 --only driver_logs'],
  args: z.object({ restore: RequestArgument, only: z.string().max(500).optional(), all: z.boolean().default(false) }),
  words: ['restore'],
  switches: ['all'],
  role: { kind: 'plan', rule: 'restore-swap' },
  approval: { kind: 'plan', policy: 'restore-swap' },
  does: {
    kind: 'runs',
    preview: async ({ restore, only, all }, _asked, world) => swapPreview({ restore, only, all }, world),
  },
});
