import { z } from 'zod';
import { counted, DrError, formatBytes, formatCount, say, type Text } from '#core';
import { ManifestHeader, openBackup, refuseLeaving } from '#vault';
import { defineWorkflow, notYet } from '#workflow';
import { dropAllBeside } from './drop-all-beside.ts';
import { RestoredBeside, type RestoreProgress, restoreBeside } from './restore-beside.ts';
import { pointOf, RestorePoint } from './restore-point.ts';
import { type RestoreWorld, withTarget } from './restore-world.ts';
import { BesideVerification, verifyBeside } from './verify-beside.ts';

/** What a run of restore is given. */
export const RestoreInput = RestorePoint.extend({
  /** `database.collection`; all when left out. */
  namespaces: z.array(z.string()).optional(),
  /** Databases the backup covers: where a half-done restore is looked for when it is stopped. */
  databases: z.array(z.string()),
});
export type RestoreInput = z.output<typeof RestoreInput>;

/**
 * A restore beside the live data: opened, loaded, proved. Nothing live is touched, so it needs nobody; stopping it drops
 * what it made. What follows (the swap) is asked for on its own.
 */
export const restoreWorkflow = defineWorkflow<RestoreWorld>()('restore', { input: RestoreInput, exclusive: 'restore' })
  .step('open', {
    output: ManifestHeader,
    says: ({ backupId }) => ({ todo: `Open ${backupId} and check its manifest`, done: `${backupId} opened` }),
    tells: ({ backup, documents, bytes }) =>
      say`${backup} opened and authentic: ${counted(documents, 'document')}, ${formatBytes(bytes)}.`,
    // Opening only reads.
    observe: async () => notYet,
    run: async ({ world, input }) => {
      const backup = await openBackup(world.vault, input.backupId);
      try {
        // here and not only in the preview: this run is in the journal now, where whoever deletes looks
        await refuseLeaving(world.vault, backup.manifest.header);
        return backup.manifest.header;
      } finally {
        backup.close();
      }
    },
    timeoutMs: 60_000,
    retry: { times: 3, everyMs: 1_000 },
  })
  .step('load', {
    output: RestoredBeside,
    says: () => ({ todo: 'Load it beside the live data', done: 'loaded beside the live data' }),
    tells: ({ collections, refused, damage }) => loadedText(collections.length, refused, damage.length),
    // restoreBeside keeps collections that are whole and makes a half one again: asking it is the observation.
    observe: async () => notYet,
    run: ({ world, input, runId, signal, report }) =>
      withTarget(world, (target) =>
        restoreBeside({
          vault: world.vault,
          point: pointOf(input),
          target,
          runId,
          ...(input.namespaces ? { namespaces: input.namespaces } : {}),
          signal,
          onProgress: (progress) => report({ text: progressText(progress), share: shareOf(progress) }),
        }),
      ),
    undo: ({ world, input, runId }) => withTarget(world, (target) => dropAllBeside(target, runId, input.databases)),
    timeoutMs: 6 * 3_600_000,
    retry: { times: 5, everyMs: 3_000 },
  })
  .step('prove', {
    output: BesideVerification,
    says: () => ({ todo: 'Prove that it equals the backup', done: 'proved equal to the backup' }),
    tells: ({ collections, documents }) =>
      say`${counted(collections.length, 'collection')}, ${counted(documents, 'document')}: equal in count and hash, with their indexes and options.`,
    observe: async () => notYet,
    run: async ({ world, input, runId, signal }) => {
      const verification = await withTarget(world, (target) =>
        verifyBeside({
          vault: world.vault,
          point: pointOf(input),
          target,
          runId,
          ...(input.namespaces ? { namespaces: input.namespaces } : {}),
          signal,
          where: 'beside',
        }),
      );
      if (verification.equal) return verification;
      const wrong = verification.collections.find(({ differences }) => differences.length > 0);
      throw new DrError(
        'RESTORE_MISMATCH',
        'permanent',
        `${wrong?.namespace ?? 'A collection'} is not as in the backup: ${wrong?.differences.join('; ') ?? ''}.`,
        {
          hint: 'Restore again; if it repeats, restore another backup: /dr backups',
        },
      );
    },
    timeoutMs: 6 * 3_600_000,
    retry: { times: 3, everyMs: 3_000 },
  })
  .build();

function loadedText(
  collections: number,
  refused: readonly { namespace: string; reason: string }[],
  damaged: number,
): Text {
  return [
    `${counted(collections, 'collection')} loaded beside the live ones; nothing live was touched.`,
    refused.length > 0
      ? ` Left out: ${refused.map(({ namespace, reason }) => `${namespace} (${reason})`).join('; ')}`
      : '',
    damaged > 0 ? ` ${damaged} damaged copies were passed over for another region's.` : '',
  ];
}

const progressText = ({ collections, documents, bytes, current }: RestoreProgress): Text => [
  `${collections.done} of ${collections.total} collections, ${formatCount(documents.done)} of ${formatCount(documents.total)} documents, `,
  `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}, now ${current}`,
];

const shareOf = ({ bytes }: RestoreProgress): number => (bytes.total > 0 ? Math.min(1, bytes.done / bytes.total) : 1);
