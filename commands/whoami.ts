import { z } from 'zod';
import { plain } from '#flows';
import { defineCommand } from './command.ts';

export const whoamiCommand = defineCommand({
  name: 'whoami',
  summary: 'Who Holdfast takes you for, and your roles',
  usage: '',
  group: 'People',
  examples: ['/dr whoami'],
  args: z.object({}),
  words: [],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async (_args, asked, { roster }) => {
      if (!asked.person) {
        return plain('You have no role in the plan.', [
          [`You are ${asked.name}, and you have no role in the plan.`],
          ['To get a role: an Incident Commander changes plan.yaml.'],
        ]);
      }
      const roles = roster.rolesOf(asked.person).map((role) => roster.title(role));
      const who = `You are ${roster.name(asked.person)}, ${roles.join(' and ') || 'without a role'}.`;
      return plain(who, [[who], [`Your clock: ${asked.timeZone}.`]]);
    },
  },
});
