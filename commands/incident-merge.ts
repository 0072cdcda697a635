import { z } from 'zod';
import { mergeIncidents } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentMergeCommand = defineCommand({
  name: 'incident merge',
  summary: 'Two incidents are the same: the first goes on in the second',
  usage: '<INC-number> <INC-number that goes on>',
  group: 'People',
  examples: ['/dr incident merge INC-18 INC-17'],
  args: z.object({ from: IncidentArgument, into: IncidentArgument }),
  words: ['from', 'into'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async (args, asked, world) => mergeIncidents(args, asked, world.flow()) },
});
