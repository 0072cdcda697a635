import { z } from 'zod';
import { assignRole } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentAssignCommand = defineCommand({
  name: 'incident assign',
  summary: 'Give a role of an incident to somebody, without paging them',
  usage: '<role> <person> [INC-number]',
  group: 'People',
  examples: ['/dr incident assign communications "Rachel Green" INC-17'],
  args: z.object({
    role: z.string().min(1).max(60),
    person: z.string().min(1).max(80),
    incident: IncidentArgument.optional(),
  }),
  words: ['role', 'person', 'incident'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ role, person, incident }, asked, world) =>
      assignRole({ role, to: person, given: incident }, asked, world.flow()),
  },
});
