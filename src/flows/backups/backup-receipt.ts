import { at, counted, formatBytes, formatDuration } from '#core';
import { BackupCheck, ManifestHeader } from '#vault';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

/** What people read when a backup is complete. */
export function backupReceipt(run: RunRecord): Receipt | undefined {
  const output = (name: string) => run.steps.find((step) => step.name === name && step.state === 'done')?.output;
  const header = ManifestHeader.safeParse(output('take'));
  const check = BackupCheck.safeParse(output('verify'));
  if (!header.success) return undefined;
  const {
    backup,
    parent,
    restores,
    bytes,
    storedBytes,
    documents,
    collections,
    startedAt,
    finishedAt,
    window,
    regions,
    lock,
  } = header.data;
  const took = new Date(finishedAt).getTime() - new Date(startedAt).getTime();
  return {
    headline: `${backup} is complete`,
    sections: [
      {
        lines: [
          parent
            ? [`${counted(documents, 'document')} changed since ${parent.backup}, on which it stands`]
            : [`${counted(documents, 'document')} in ${counted(collections, 'collection')}`],
          ...(restores ? [[`With it about ${counted(restores.documents, 'document')} can be restored.`]] : []),
          [`${formatBytes(bytes)} as ${formatBytes(storedBytes)}, ${formatDuration(took)}`],
          ['Can be restored to ', at(new Date(window.end.seconds * 1000)), '.'],
        ],
      },
      {
        heading: 'How we know',
        lines: [
          check.success
            ? [`Every segment read back, decrypted and compared in ${check.data.regions.join(', ')}.`]
            : [`Read back while it was written, in ${regions.join(', ')}.`],
          ['Locked until ', at(new Date(lock.until)), '.'],
        ],
      },
    ],
  };
}
