import { z } from 'zod';
import { sayUpdate } from '#flows';
import { defineCommand } from './command.ts';
import { IncidentArgument } from './incident-argument.ts';

export const incidentUpdateCommand = defineCommand({
  name: 'incident update',
  summary: 'Post an update for stakeholders',
  usage: '"text" [INC-number]',
  group: 'People',
  examples: ['/dr incident update "We are moving to our second region. Next update 08:45 UTC." INC-17'],
  args: z.object({
    text: z.string().min(3, 'say it in a few words').max(1000),
    incident: IncidentArgument.optional(),
  }),
  words: ['text', 'incident'],
  switches: [],
  role: { kind: 'plan', rule: 'incident-change' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ text, incident }, asked, world) => sayUpdate({ text, given: incident }, asked, world.flow()),
  },
});
