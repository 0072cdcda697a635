import { z } from 'zod';
import { reopenIncident } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentReopenCommand = defineCommand({
  name: 'incident reopen',
  summary: 'Open an ended incident again; people are paged anew',
  usage: '<INC-number> --reason "..."',
  group: 'Now',
  examples: ['/dr incident reopen INC-17 --reason "it is back"'],
  args: z.object({ incident: IncidentArgument, reason: z.string().min(3).max(300) }),
  words: ['incident'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ incident, reason }, asked, world) =>
      reopenIncident({ given: incident, why: reason }, asked, world.flow()),
  },
});
