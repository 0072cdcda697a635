import { z } from 'zod';
import { undoPreview } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const restoreUndoCommand = defineCommand({
  name: 'restore undo',
  summary: 'Put the old data back that a swap replaced',
  usage: '<R-number of the swap> [--dry-run]',
  group: 'Get data back',
  examples: ['/dr restore undo R-45'],
  args: z.object({ swap: RequestArgument }),
  words: ['swap'],
  switches: [],
  role: { kind: 'plan', rule: 'restore-undo' },
  approval: { kind: 'plan', policy: 'restore-undo' },
  does: { kind: 'runs', preview: async ({ swap }, _asked, world) => undoPreview({ swap }, world) },
});
