import { z } from 'zod';
import { showIncident } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentShowCommand = defineCommand({
  name: 'incident show',
  summary: 'An incident as it is now: who has it, who is called next, the clocks',
  usage: '[INC-number]',
  group: 'Now',
  examples: ['/dr incident show INC-17', '/dr incident show'],
  args: z.object({ incident: IncidentArgument.optional() }),
  words: ['incident'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ incident }, asked, world) => showIncident(incident, asked, world.flow()) },
});
