import { z } from 'zod';
import { membersCard } from '#flows';
import { defineCommand } from './command.ts';

export const membersCommand = defineCommand({
  name: 'members',
  summary: 'Each member of the database: state, vote, how far behind, held or not',
  usage: '',
  group: 'Move',
  examples: ['/dr members'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (_args, _asked, world) => membersCard(world) },
});
