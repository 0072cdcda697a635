import { z } from 'zod';
import { Region } from '#core';
import { askedCold, coldPreview, failoverForm, failoverPreview, unplannedPreview } from '#flows';
import { defineCommand } from './command.ts';

export const failoverCommand = defineCommand({
  name: 'failover',
  summary: 'Move the system to another region',
  usage: '<region> --reason "..." [--planned | --unplanned] [--hold-at <step>] [--dry-run]',
  group: 'Move',
  inHelp: ['/dr failover us-west-2'],
  examples: [
    '/dr failover us-west-2 --reason "east storage slow"',
    '/dr failover us-west-2 --unplanned --reason "us-east-1 is gone"',
    '/dr failover eu-west-1 --reason "both other regions are gone"',
    '/dr failover us-west-2 --reason "east storage slow" --hold-at scale-services',
    '/dr failover us-west-2 --reason "test" --dry-run',
  ],
  args: z
    .object({
      region: Region,
      reason: z.string().min(3, 'say why in a few words').max(300),
      planned: z.boolean().default(false),
      unplanned: z.boolean().default(false),
    })
    .refine(({ planned, unplanned }) => !(planned && unplanned), {
      error: 'planned or unplanned, not both',
      path: ['unplanned'],
    }),
  words: ['region'],
  switches: ['planned', 'unplanned'],
  role: { kind: 'plan', rule: 'failover' },
  approval: { kind: 'plan', policy: 'failover' },
  // The same people ask for it and approve it: what differs is what they are shown.
  otherJobs: [
    {
      when: { kind: 'cold-standby', region: 'region' },
      job: 'cold-failover',
      role: { kind: 'plan', rule: 'failover' },
      approval: { kind: 'plan', policy: 'failover' },
    },
    {
      when: { kind: 'flag', flag: 'unplanned' },
      job: 'unplanned-failover',
      role: { kind: 'plan', rule: 'failover' },
      approval: { kind: 'plan', policy: 'failover' },
    },
  ],
  form: failoverForm,
  does: {
    kind: 'runs',
    preview: async (args, asked, world) => {
      const { unplanned, region, reason } = args;
      const cold = askedCold(args, world);
      if (cold) return coldPreview({ to: cold, reason }, asked, world);
      return unplanned
        ? unplannedPreview({ region, reason }, asked, world)
        : failoverPreview({ region, reason }, asked, world);
    },
  },
});
