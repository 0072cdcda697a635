import { z } from 'zod';
import { resolveIncident } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentResolveCommand = defineCommand({
  name: 'incident resolve',
  summary: 'Say that an incident is over; pages stop',
  usage: '[INC-number] --reason "..."',
  group: 'Stop',
  examples: ['/dr incident resolve INC-17 --reason "storage was replaced"'],
  args: z.object({ incident: IncidentArgument.optional(), reason: z.string().min(3).max(300) }),
  words: ['incident'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ incident, reason }, asked, world) =>
      resolveIncident({ given: incident, why: reason }, asked, world.flow()),
  },
});
