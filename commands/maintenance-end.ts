import { z } from 'zod';
import { MaintenanceId } from '#core';
import { endMaintenanceCard } from '#flows';
import { defineCommand } from './command.ts';

export const maintenanceEndCommand = defineCommand({
  name: 'maintenance end',
  summary: 'End maintenance before its time',
  usage: '<M-number>',
  group: 'People',
  examples: ['/dr maintenance end M-3'],
  args: z.object({
    id: z
      .string()
      .transform((typed) => (/^\d+$/.test(typed) ? `M-${typed}` : typed.toUpperCase()))
      .pipe(MaintenanceId),
  }),
  words: ['id'],
  switches: [],
  role: { kind: 'plan', rule: 'maintenance' },
  approval: { kind: 'none' },
  does: { kind: 'answers', answer: async ({ id }, asked, world) => endMaintenanceCard(id, asked, world) },
});
