import { z } from 'zod';
import { Region } from '#core';
import { openBySaying, openIncidentForm } from '#flows';
import { defineCommand } from './command.ts';
import { SeverityArgument } from './incident-argument.ts';

export const incidentOpenCommand = defineCommand({
  name: 'incident open',
  summary: 'Say that something is wrong: opens an incident and has people called',
  usage: '"what you see" [--sev 2] [--region us-east-1]',
  group: 'Now',
  inHelp: ['/dr incident open "what you see"'],
  examples: [
    '/dr incident open "drivers report time-outs"',
    '/dr incident open "east is down" --sev 1 --region us-east-1',
  ],
  args: z.object({
    what: z.string().min(3, 'say in a few words what you see').max(300),
    sev: SeverityArgument.default('sev-2'),
    region: Region.optional(),
  }),
  words: ['what'],
  switches: [],
  role: { kind: 'plan', rule: 'incident' },
  approval: { kind: 'none' },
  form: async (given, world) => openIncidentForm(given, world.flow()),
  does: {
    kind: 'answers',
    answer: async ({ what, sev, region }, asked, world) =>
      openBySaying({ what, severity: sev, region }, asked, world.flow()),
  },
});
