import { z } from 'zod';
import { DrError, Region } from '#core';
import { failoverForm, failoverPreview } from '#flows';
import { defineCommand } from './command.ts';

export const failoverCommand = defineCommand({
  name: 'failover',
  summary: 'Move the system to another region',
  usage: '<region> --reason "..." [--planned] [--dry-run]',
  group: 'Move',
  examples: ['/dr failover us-west-2 --reason "east storage slow"', '/dr failover us-west-2 --reason "test" --dry-run'],
  args: z.object({
    region: Region,
    reason: z.string().min(3, 'say why in a few words').max(300),
    planned: z.boolean().default(true),
    unplanned: z.boolean().default(false),
  }),
  words: ['region'],
  switches: ['planned', 'unplanned'],
  role: { kind: 'plan', rule: 'failover' },
  approval: { kind: 'plan', policy: 'failover' },
  form: failoverForm,
  does: {
    kind: 'runs',
    preview: async (args, asked, world) => {
      if (!args.unplanned) return failoverPreview(args, asked, world);
      throw new DrError('REGION_NOT_READY', 'user', 'The unplanned failover is not available in this version.', {
        hint: `/dr failover ${args.region} --planned, while the old region still answers`,
      });
    },
  },
});
