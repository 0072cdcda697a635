import { z } from 'zod';
import { helpCard, helpForCommand } from '#flows';
import { defineCommand } from './command.ts';

export const helpCommand = defineCommand({
  name: 'help',
  summary: 'What you can do here, or one command in full',
  usage: '[command]',
  group: 'Look',
  examples: ['/dr help', '/dr help failover'],
  args: z.object({ command: z.string().optional(), more: z.string().optional() }),
  words: ['command', 'more'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ command, more }, asked, world) =>
      command ? helpForCommand([command, more].filter(Boolean).join(' '), world.flow()) : helpCard(asked, world.flow()),
  },
});
