import { z } from 'zod';
import { passIncidentOn } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentPassOnCommand = defineCommand({
  name: 'incident pass-on',
  summary: 'You cannot take it: the next one is paged at once',
  usage: '[INC-number]',
  group: 'People',
  examples: ['/dr incident pass-on INC-17'],
  args: z.object({ incident: IncidentArgument.optional() }),
  words: ['incident'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ incident }, asked, world) => passIncidentOn(incident, asked, world.flow()),
  },
});
