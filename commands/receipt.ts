import { z } from 'zod';
import { receiptCard } from '#flows';
import { defineCommand } from './command.ts';
import { RequestArgument } from './request-argument.ts';

export const receiptCommand = defineCommand({
  name: 'receipt',
  summary: 'What a failover that nobody planned lost, by id',
  usage: '<R-number of the failover> [--csv | --signed]',
  group: 'Move',
  examples: ['/dr receipt R-43', '/dr receipt R-43 --csv'],
  args: z.object({
    failover: RequestArgument,
    csv: z.boolean().default(false),
    signed: z.boolean().default(false),
  }),
  words: ['failover'],
  switches: ['csv', 'signed'],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
  does: {
    kind: 'answers',
    answer: async ({ failover, csv, signed }, { via }, world) =>
      receiptCard(failover, { via, as: csv ? 'csv' : signed ? 'signed' : 'card' }, world),
  },
});
