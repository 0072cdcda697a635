import { z } from 'zod';
import { rotatePreview } from '#flows';
import { defineCommand } from './command.ts';

export const keysRotateCommand = defineCommand({
  name: 'keys rotate',
  summary: 'Wrap the data keys anew under the current keys of every region',
  usage: '[--due] [--dry-run]',
  group: 'Back up',
  examples: ['/dr keys rotate', '/dr keys rotate --due'],
  args: z.object({ due: z.boolean().default(false) }),
  words: [],
  switches: ['due'],
  role: { kind: 'plan', rule: 'keys-rotate' },
  approval: { kind: 'none' },
  does: { kind: 'runs', preview: async ({ due }, _asked, world) => rotatePreview({ due }, world) },
});
