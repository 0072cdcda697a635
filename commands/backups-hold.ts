import { z } from 'zod';
import { holdPreview } from '#flows';
import { defineCommand } from './command.ts';

export const backupsHoldCommand = defineCommand({
  name: 'backups hold',
  summary: 'Keep a backup, whatever the plan says, until somebody lets go',
  usage: '<B-number> --reason "..." [--dry-run]',
  group: 'Back up',
  examples: ['/dr backups hold B-1123-0800 --reason "court order 17-204"'],
  args: z.object({ backup: z.string().min(1).max(40), reason: z.string().min(3).max(300) }),
  words: ['backup'],
  switches: [],
  role: { kind: 'plan', rule: 'backups-hold' },
  approval: { kind: 'none' },
  does: { kind: 'runs', preview: async (args, asked, world) => holdPreview(args, asked, world) },
});
