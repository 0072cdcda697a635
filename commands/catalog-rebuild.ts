import { z } from 'zod';
import { rebuildPreview } from '#flows';
import { defineCommand } from './command.ts';

export const catalogRebuildCommand = defineCommand({
  name: 'catalog rebuild',
  summary: 'Make the catalog of backups again from the buckets alone',
  usage: '[--dry-run]',
  group: 'Get data back',
  examples: ['/dr catalog rebuild'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'plan', rule: 'catalog-rebuild' },
  approval: { kind: 'none' },
  does: { kind: 'runs', preview: async (_args, _asked, world) => rebuildPreview(world) },
});
