import { z } from 'zod';
import { setSeverity } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument, SeverityArgument } from './incident-argument.ts';

export const incidentSevCommand = defineCommand({
  name: 'incident sev',
  summary: 'Change how bad an incident is; raising shows first whom it wakes, and does it with --page',
  usage: '<1|2|3> [INC-number] [--page]',
  group: 'People',
  examples: ['/dr incident sev 1 INC-17', '/dr incident sev 3'],
  args: z.object({ to: SeverityArgument, incident: IncidentArgument.optional(), page: z.boolean().default(false) }),
  words: ['to', 'incident'],
  switches: ['page'],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ to, incident, page }, asked, world) =>
      setSeverity({ to, given: incident, sure: page }, asked, world.flow()),
  },
});
