import { z } from 'zod';
import { mergePreview } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const mergeCommand = defineCommand({
  name: 'merge',
  summary: 'Put back what a failover lost, as far as nothing else has its place',
  usage: '<R-number of the failover> [--only <collections>] [--take-lost] [--dry-run]',
  group: 'Move',
  examples: ['/dr merge R-43 --dry-run', '/dr merge R-43 --only driver_logs'],
  args: z.object({
    failover: RequestArgument,
    only: z.string().max(500).optional(),
    'take-lost': z.boolean().default(false),
  }),
  words: ['failover'],
  switches: ['take-lost'],
  role: { kind: 'plan', rule: 'merge' },
  approval: { kind: 'plan', policy: 'merge' },
  does: {
    kind: 'runs',
    preview: async ({ failover, only, 'take-lost': takeLost }, _asked, world) =>
      mergePreview({ receipt: failover, only, takeLost }, world),
  },
});
