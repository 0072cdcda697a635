import { z } from 'zod';
import { releasePreview } from '#flows';
import { defineCommand } from './command.ts';

export const backupsReleaseCommand = defineCommand({
  name: 'backups release',
  summary: 'Let a held backup go: from then on only the plan keeps it',
  usage: '<B-number> --reason "..." [--dry-run]',
  group: 'Back up',
  examples: ['/dr backups release B-1123-0800 --reason "case 17-204 is closed"'],
  args: z.object({ backup: z.string().min(1).max(40), reason: z.string().min(3).max(300) }),
  words: ['backup'],
  switches: [],
  role: { kind: 'plan', rule: 'backups-release' },
  approval: { kind: 'plan', policy: 'backups-release' },
  does: { kind: 'runs', preview: async (args, asked, world) => releasePreview(args, asked, world) },
});
