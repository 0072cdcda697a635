import { z } from 'zod';
import { playbookCard } from '#flows';
import { defineCommand } from './command.ts';

export const playbookCommand = defineCommand({
  name: 'playbook',
  summary: "The plan's recovery playbook, step by step, with what is seen of each and the next command",
  usage: 'database | application',
  group: 'Get data back',
  examples: ['/dr playbook database', '/dr playbook application'],
  args: z.object({ name: z.enum(['database', 'application'], 'there are two: database and application') }),
  words: ['name'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ name }, asked, world) => playbookCard(name, asked, world) },
});
