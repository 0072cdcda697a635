import { z } from 'zod';
import { DrError, Region } from '#core';
import { healthCard } from '#flows';
import { defineCommand } from './command.ts';

export const healthCommand = defineCommand({
  name: 'health',
  summary: 'What the detectors see: health as a number, each check in each region, and why',
  usage: '[--region R] [--here]',
  group: 'Look',
  inHelp: ['/dr health'],
  examples: ['/dr health', '/dr health --region us-east-1'],
  args: z.object({ region: Region.optional() }),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ region }, _asked, world) => {
      const known = Object.keys(world.plan.regions);
      if (region && !known.includes(region)) {
        throw new DrError('REGION_UNKNOWN', 'user', `No region "${region}" in the plan. Nothing was changed.`, {
          hint: `/dr health --region ${known[0]}`,
        });
      }
      return healthCard({ region }, world);
    },
  },
});
