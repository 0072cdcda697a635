import { z } from 'zod';
import { restorePreview } from '#flows';
import { defineCommand } from './command.ts';

export const restoreCommand = defineCommand({
  name: 'restore',
  summary: 'Restore a backup beside the live data, and prove it',
  usage: 'latest | <B-number> [--only <collections>] [--dry-run]',
  group: 'Get data back',
  examples: ['/dr restore latest', '/dr restore B-1123-0800 --only driver_logs'],
  args: z.object({ backup: z.string().min(1).max(40), only: z.string().max(500).optional() }),
  words: ['backup'],
  switches: [],
  role: { kind: 'plan', rule: 'restore' },
  approval: { kind: 'plan', policy: 'restore' },
  does: { kind: 'runs', preview: async ({ backup, only }, _asked, world) => restorePreview({ backup, only }, world) },
});
