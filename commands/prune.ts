import { z } from 'zod';
import { prunePreview } from '#flows';
import { defineCommand } from './command.ts';

export const pruneCommand = defineCommand({
  name: 'prune',
  summary: 'What the vault no longer needs, and from when it could go; delete it with --apply',
  usage: '[--apply]',
  group: 'Back up',
  examples: ['/dr prune', '/dr prune --apply'],
  args: z.object({ apply: z.boolean().default(false) }),
  words: [],
  switches: ['apply'],
  dryUnless: 'apply',
  role: { kind: 'plan', rule: 'prune' },
  approval: { kind: 'plan', policy: 'prune' },
  does: { kind: 'runs', preview: async ({ apply }, _asked, world) => prunePreview({ apply }, world) },
});
