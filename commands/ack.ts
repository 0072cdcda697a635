import { z } from 'zod';
import { ackIncident } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const ackCommand = defineCommand({
  name: 'ack',
  summary: 'You have it: pages stop where you are on duty',
  usage: '[INC-number]',
  group: 'Now',
  inHelp: ['/dr ack'],
  examples: ['/dr ack', '/dr ack INC-17'],
  args: z.object({ incident: IncidentArgument.optional() }),
  words: ['incident'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ incident }, asked, world) => ackIncident(incident, asked, world.flow()) },
});
