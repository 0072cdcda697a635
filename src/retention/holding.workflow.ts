import { z } from 'zod';
import { BackupId, counted, type Text } from '#core';
import { FORMAT } from '#vault';
import { defineWorkflow, notYet } from '#workflow';
import { type HoldingWorld, holdBackup, releaseBackup } from './hold-backup.ts';

/** What a run of hold or release is given. */
export const HoldingInput = z.object({
  year: z.number().int(),
  backup: BackupId,
  by: z.string(),
  reason: z.string(),
});
export type HoldingInput = z.output<typeof HoldingInput>;

export const HeldCounts = z.object({
  versions: z.number().int(),
  backups: z.array(z.object({ year: z.number().int(), backup: BackupId })),
});

/** Keeps a backup until somebody lets go. Harmless: it only makes more stay. */
export const holdWorkflow = defineWorkflow<HoldingWorld>()('backups-hold', { input: HoldingInput })
  .step('hold', {
    output: HeldCounts,
    says: ({ backup }) => ({ todo: `Hold ${backup} in every region`, done: `${backup} held in every region` }),
    tells: ({ versions, backups }, { backup }) => objectsText(`${backup} is held`, versions, backups.length),
    // Holding what is held changes nothing.
    observe: async () => notYet,
    run: async ({ world, input, clock, signal }) => {
      const held = await holdBackup(world, { format: FORMAT, at: clock.now(), ...input }, signal);
      return { versions: held.versions, backups: [...held.backups] };
    },
    timeoutMs: 3_600_000,
    retry: { times: 5, everyMs: 5_000 },
  })
  .build();

/** Lets it go: from then on the plan alone keeps it. */
export const releaseWorkflow = defineWorkflow<HoldingWorld>()('backups-release', { input: HoldingInput })
  .step('release', {
    output: HeldCounts,
    says: ({ backup }) => ({ todo: `Take the hold off ${backup} in every region`, done: `${backup} is held no more` }),
    tells: ({ versions, backups }, { backup }) => objectsText(`${backup} is let go`, versions, backups.length),
    // Releasing what is released changes nothing.
    observe: async () => notYet,
    run: async ({ world, input, signal }) => {
      const released = await releaseBackup(world, { year: input.year, backup: input.backup }, signal);
      return { versions: released.versions, backups: [...released.backups] };
    },
    timeoutMs: 3_600_000,
    retry: { times: 5, everyMs: 5_000 },
  })
  .build();

const objectsText = (what: string, versions: number, backups: number): Text => [
  `${what}: ${counted(versions, 'object')} of ${counted(backups, 'backup')} in all regions.`,
];
