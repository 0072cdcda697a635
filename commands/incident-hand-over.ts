import { z } from 'zod';
import { handOverRole } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentHandOverCommand = defineCommand({
  name: 'incident hand-over',
  summary: 'Give what you have of an incident to somebody, who is paged for it',
  usage: '<person> [INC-number] [--role <role>]',
  group: 'People',
  examples: ['/dr incident hand-over "Jane Doe"', '/dr incident hand-over "David Kim" INC-17 --role database-admin'],
  args: z.object({
    person: z.string().min(1).max(80),
    incident: IncidentArgument.optional(),
    role: z.string().min(1).max(60).optional(),
  }),
  words: ['person', 'incident'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ person, incident, role }, asked, world) =>
      handOverRole({ to: person, role, given: incident }, asked, world.flow()),
  },
});
