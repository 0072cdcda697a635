import { z } from 'zod';
import { at, counted, formatBytes, formatDuration } from '#core';
import { notYet } from '#workflow';
import { VaultPoint } from '../facts.ts';
import type { ColdStep } from '../step.ts';

export const Chosen = z.object({ point: VaultPoint, waitedMs: z.number() });
export type Chosen = z.output<typeof Chosen>;

/** Step 3: nobody writes any more, so the vault has all that it will ever have. */
export const choosePoint: ColdStep<unknown, Chosen> = {
  output: Chosen,
  says: ({ backupId }) => ({
    todo: `Find the newest change after ${backupId} in the vault`,
    done: 'the newest is found',
  }),
  tells: ({ point, waitedMs }) => [
    `${point.backupId} and everything captured after it, up to `,
    at(momentOf(point)),
    `: ${counted(point.documents, 'document')}, ${formatBytes(point.bytes)}.`,
    waitedMs > 0 ? ` Fetched from cold storage in ${formatDuration(waitedMs)}.` : '',
  ],
  // Looking changes nothing; what was asked for from cold storage is not asked for twice.
  observe: async () => notYet,
  run: async ({ world, input, signal, report }) => {
    const point = await world.data.newest(input.backupId);
    await world.data.judge(input.facts.host, point);
    const waitedMs = await world.data.fetch(point, { signal, report });
    return { point, waitedMs };
  },
  timeoutMs: 3 * 24 * 3_600_000,
  retry: { times: 20, everyMs: 2_000 },
};

export const momentOf = ({ reaches }: VaultPoint): Date => new Date(reaches.seconds * 1_000);
