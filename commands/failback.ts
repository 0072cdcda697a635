import { z } from 'zod';
import { Region } from '#core';
import { failbackPreview } from '#flows';
import { defineCommand } from './command.ts';

export const failbackCommand = defineCommand({
  name: 'failback',
  summary: 'Move the system back to its home region, traffic in steps',
  usage: '<region> [--reason "..."] [--hold-at <step>] [--dry-run]',
  group: 'Move',
  inHelp: ['/dr failback us-east-1'],
  examples: ['/dr failback us-east-1'],
  args: z.object({ region: Region, reason: z.string().max(300).default('back to the home region') }),
  words: ['region'],
  switches: [],
  role: { kind: 'plan', rule: 'failback' },
  approval: { kind: 'plan', policy: 'failback' },
  does: { kind: 'runs', preview: async (args, asked, world) => failbackPreview(args, asked, world) },
});
