import { z } from 'zod';
import { pageMore } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const pageCommand = defineCommand({
  name: 'page',
  summary: 'Have one more person, or whoever is on duty for a role, called to an incident',
  usage: '<person | role> [INC-number]',
  group: 'People',
  examples: ['/dr page "Sarah Wilson"', '/dr page security-lead INC-17'],
  args: z.object({ who: z.string().min(1).max(80), incident: IncidentArgument.optional() }),
  words: ['who', 'incident'],
  switches: [],
  role: { kind: 'plan', rule: 'page' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ who, incident }, asked, world) => pageMore({ who, given: incident }, asked, world.flow()),
  },
});
