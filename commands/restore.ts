import { z } from 'zod';
import { restoreAsPreview, restoreOnPreview, restorePreview, restoreStopPreview } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const restoreCommand = defineCommand({
  name: 'restore',
  summary:
    'Restore a backup, or any second since, beside the live data, under new names or to another cluster, and prove it',
  usage:
    'latest | <B-number> | --to <time | "before R-43" | "before #128"> [--only <collections>] [--as <new names>] [--on <cluster>|scratch] [--dry-run] | --stop <R-number>',
  group: 'Get data back',
  inHelp: ['/dr restore latest', '/dr restore --to "10 minutes ago"'],
  examples: [
    '/dr restore latest',
    '/dr restore --to "10 minutes ago"',
    '/dr restore --to "2026-11-23 14:03:20" --only driver_logs',
    '/dr restore --to "before R-43" --only "eld.*"',
    '/dr restore --to "before #128" --as driver_logs=driver_logs_before',
    '/dr restore latest --on dr-site',
    '/dr restore latest --on scratch',
    '/dr restore --stop R-44',
  ],
  args: z
    .object({
      backup: z.string().min(1).max(40).optional(),
      to: z.string().min(1).max(80).optional(),
      only: z.string().max(2000).optional(),
      as: z.string().min(1).max(2000).optional(),
      on: z.string().min(1).max(60).optional(),
      stop: RequestArgument.optional(),
    })
    .refine(({ backup, to, stop }) => backup !== undefined || to !== undefined || stop !== undefined, {
      error: 'what to restore is missing: latest, a backup, or --to a time',
      path: ['backup'],
    }),
  words: ['backup'],
  switches: [],
  role: { kind: 'plan', rule: 'restore' },
  approval: { kind: 'plan', policy: 'restore' },
  otherJobs: [
    {
      when: { kind: 'flag', flag: 'stop' },
      job: 'restore-stop',
      role: { kind: 'plan', rule: 'restore' },
      approval: { kind: 'none' },
    },
    // Data leaves the protected cluster, under new names or not: first, so that --as takes nothing away from it.
    {
      when: { kind: 'flag', flag: 'on' },
      job: 'restore-on',
      role: { kind: 'plan', rule: 'restore-on' },
      approval: { kind: 'plan', policy: 'restore-on' },
    },
    // It writes among live data under names that stay: what may be asked, and whose consent it needs, is as for a swap.
    {
      when: { kind: 'flag', flag: 'as' },
      job: 'restore-as',
      role: { kind: 'plan', rule: 'restore-swap' },
      approval: { kind: 'plan', policy: 'restore-swap' },
    },
  ],
  does: {
    kind: 'runs',
    preview: async ({ backup, to, only, as, on, stop }, asked, world) => {
      if (stop !== undefined) return restoreStopPreview({ restore: stop, others: [backup, to, only, as, on] }, world);
      if (on !== undefined) return restoreOnPreview({ backup, to, only, as, on }, asked, world);
      if (as !== undefined) return restoreAsPreview({ backup, to, only, as }, asked, world);
      return restorePreview({ backup, to, only }, asked.at, world);
    },
  },
});
