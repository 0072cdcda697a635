import { z } from 'zod';
import { catchUpCard } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentCatchUpCommand = defineCommand({
  name: 'incident catch-up',
  summary: 'An incident in five lines, for whoever joins late',
  usage: '[INC-number]',
  group: 'Look',
  examples: ['/dr incident catch-up INC-17'],
  args: z.object({ incident: IncidentArgument.optional() }),
  words: ['incident'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ incident }, asked, world) => catchUpCard(incident, asked, world.flow()) },
});
