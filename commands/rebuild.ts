import { z } from 'zod';
import { Region } from '#core';
import { regionRebuildPreview } from '#flows';
import { defineCommand } from './command.ts';

export const rebuildCommand = defineCommand({
  name: 'rebuild',
  summary: 'Make followers again of the database members of a region that was lost',
  usage: '<region> [--wipe] [--reason "..."] [--hold-at <step>] [--dry-run]',
  group: 'Move',
  examples: ['/dr rebuild us-east-1', '/dr rebuild us-east-1 --wipe'],
  args: z.object({
    region: Region,
    wipe: z.boolean().default(false),
    reason: z.string().max(300).default('the region is back'),
  }),
  words: ['region'],
  switches: ['wipe'],
  role: { kind: 'plan', rule: 'rebuild' },
  approval: { kind: 'plan', policy: 'rebuild' },
  does: { kind: 'runs', preview: async (args, _asked, world) => regionRebuildPreview(args, world) },
});
