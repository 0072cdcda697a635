import { z } from 'zod';
import { IncidentId } from '#core';
import { timelineCard, verifyCard } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const timelineCommand = defineCommand({
  name: 'timeline',
  summary: 'The record of a request, of an incident, or of everything; "verify" proves that it is whole',
  usage: '[R-number | INC-number | verify]',
  group: 'Look',
  inHelp: ['/dr timeline'],
  examples: ['/dr timeline R-42', '/dr timeline verify'],
  args: z.object({ of: z.union([z.literal('verify'), IncidentId, RequestArgument]).optional() }),
  words: ['of'],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ of }, _asked, world) =>
      of === 'verify' ? verifyCard(world.flow()) : timelineCard(of, world.flow()),
  },
});
