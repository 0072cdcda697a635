import { counted, DrError, formatBytes, formatCount, say, type Text } from '#core';
import { ManifestHeader, openBackup, refuseLeaving } from '#vault';
import { notYet, type StepContext } from '#workflow';
import { dropAllBeside } from './drop-all-beside.ts';
import { RestoredBeside, type RestoreProgress, restoreBeside } from './restore-beside.ts';
import type { Wanted } from './restore-plan.ts';
import { pointOf, type RestorePoint } from './restore-point.ts';
import { type RestoreWorld, withTarget } from './restore-world.ts';
import { BesideVerification, verifyBeside } from './verify-beside.ts';
import { waitForRoom } from './wait-for-room.ts';

/**
 * What every restore begins with: opened, loaded under names of ours, proved. `databases` are those it writes to, where a
 * half-done one is looked for when it is stopped.
 */
export interface RestoreOrders extends RestorePoint, Wanted {
  readonly databases: readonly string[];
}

type Context = StepContext<RestoreOrders, unknown, RestoreWorld>;

const wantedOf = ({ namespaces, naming }: RestoreOrders): Wanted => ({
  ...(namespaces ? { namespaces } : {}),
  ...(naming ? { naming } : {}),
});

export const openStep = {
  output: ManifestHeader,
  says: ({ backupId }: RestoreOrders) => ({
    todo: `Open ${backupId} and check its manifest`,
    done: `${backupId} opened`,
  }),
  tells: ({ backup, documents, bytes }: ManifestHeader): Text =>
    say`${backup} opened and authentic: ${counted(documents, 'document')}, ${formatBytes(bytes)}.`,
  // Opening only reads.
  observe: async () => notYet,
  run: async ({ world, input }: Context): Promise<ManifestHeader> => {
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
};

export const loadStep = {
  output: RestoredBeside,
  says: () => ({ todo: 'Load it beside the live data', done: 'loaded beside the live data' }),
  tells: ({ collections, refused, damage }: RestoredBeside): Text => loadedText(collections, refused, damage.length),
  // restoreBeside keeps collections that are whole and makes a half one again: asking it is the observation.
  observe: async () => notYet,
  run: ({ world, input, runId, signal, clock, report }: Context): Promise<RestoredBeside> =>
    waitForRoom({ clock, signal, report }, () =>
      withTarget(world, (target) =>
        restoreBeside({
          vault: world.vault,
          point: pointOf(input),
          target,
          runId,
          ...wantedOf(input),
          signal,
          onProgress: (progress) => report({ text: progressText(progress), share: shareOf(progress) }),
        }),
      ),
    ),
  undo: ({ world, input, runId }: Context): Promise<void> =>
    withTarget(world, (target) => dropAllBeside(target, runId, input.databases)),
  timeoutMs: 6 * 3_600_000,
  retry: { times: 5, everyMs: 3_000 },
};

export const proveStep = {
  output: BesideVerification,
  says: () => ({ todo: 'Prove that it equals the backup', done: 'proved equal to the backup' }),
  tells: ({ collections, documents }: BesideVerification): Text =>
    say`${counted(collections.length, 'collection')}, ${counted(documents, 'document')}: equal in count and hash, with their indexes and options.`,
  observe: async () => notYet,
  run: async ({ world, input, runId, signal }: Context): Promise<BesideVerification> => {
    const verification = await withTarget(world, (target) =>
      verifyBeside({
        vault: world.vault,
        point: pointOf(input),
        target,
        runId,
        ...wantedOf(input),
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
};

function loadedText(
  collections: RestoredBeside['collections'],
  refused: readonly { namespace: string; reason: string }[],
  damaged: number,
): Text {
  const staying = collections.filter(({ timeSeries }) => timeSeries).map(({ database, name }) => `${database}.${name}`);
  return [
    `${counted(collections.length, 'collection')} loaded beside the live ones; nothing live was touched.`,
    staying.length > 0
      ? ` Time-series, so to be looked at beside and not to be swapped in: ${staying.join(', ')}.`
      : '',
    ...leftOutText(refused, damaged),
  ];
}

/** What did not come along, and what had to be read elsewhere. */
export function leftOutText(refused: readonly { namespace: string; reason: string }[], damaged: number): Text {
  return [
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
