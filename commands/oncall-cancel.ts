import { z } from 'zod';
import { OverrideId } from '#core';
import { takeBack } from '#flows';
import { defineCommand } from './command.ts';

export const oncallCancelCommand = defineCommand({
  name: 'oncall cancel',
  summary: 'End an override now, or take it back before it begins',
  usage: '<OV-number>',
  group: 'People',
  examples: ['/dr oncall cancel OV-3'],
  args: z.object({ override: z.preprocess((typed) => String(typed).toUpperCase(), OverrideId) }),
  words: ['override'],
  switches: [],
  role: { kind: 'plan', rule: 'oncall-override' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ override }, asked, world) => takeBack(override, asked, world) },
});
