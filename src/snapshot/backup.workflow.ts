import { z } from 'zod';
import { BackupId, DrError, formatBytes, formatCount, formatDuration, type Sha256, say, type Text } from '#core';
import type { OplogSource, SnapshotSource } from '#ports';
import {
  BackupCheck,
  Databases,
  listBackups,
  type Manifest,
  ManifestHeader,
  openBackup,
  type Vault,
  verifyBackup,
} from '#vault';
import { defineWorkflow, notYet } from '#workflow';
import { chooseParent } from './choose-parent.ts';
import type { SnapshotProgress } from './progress.ts';
import type { SnapshotOptions } from './snapshot-options.ts';
import { takeFullSnapshot, takeIncrementalSnapshot } from './take-snapshot.ts';

/** All that a backup touches. Sources are opened a run, because each reads from one member. */
export interface BackupWorld {
  readonly vault: Vault;
  readonly planHash: Sha256;
  openSource(): Promise<{ source: SnapshotSource; oplog: OplogSource; close(): Promise<void> }>;
}

/** What a run of backup is given. */
export const BackupInput = z.object({
  databases: Databases,
  /** Only what changed since the newest backup, where there is one to stand on; everything otherwise. */
  only: z.enum(['everything', 'changes']),
  lock: z.object({ mode: z.enum(['governance', 'compliance']), days: z.number().int().positive() }),
});
export type BackupInput = z.output<typeof BackupInput>;

const Named = z.object({
  backupId: BackupId,
  parent: z.object({ year: z.number().int(), backup: BackupId }).optional(),
  /** Why it will be a full one although only changes were asked for. */
  fullBecause: z.string().optional(),
});
type Named = z.output<typeof Named>;

/**
 * A backup, full or of what changed: named, taken (with the copies and their reading back), and every copy in every region verified.
 * Nothing is ever put back: an unfinished backup has no manifest and is no backup, and is gone on with when it is tried again.
 */
export const backupWorkflow = defineWorkflow<BackupWorld>()('backup', { input: BackupInput, exclusive: 'backup' })
  .step('name', {
    output: Named,
    says: () => ({ todo: 'Choose its number', done: 'number chosen' }),
    tells: ({ backupId, parent, fullBecause }) => [
      `It will be ${backupId}`,
      parent ? `, what changed since ${parent.backup}` : '',
      fullBecause ? `, a full one: ${fullBecause}` : '',
    ],
    // Choosing again is harmless: nothing bears the name before the manifest.
    observe: async () => notYet,
    run: async ({ world, input }) => ({ backupId: await freeBackupId(world.vault), ...(await baseOf(world, input)) }),
    timeoutMs: 60_000,
    retry: { times: 3, everyMs: 1_000 },
  })
  .step('take', {
    output: ManifestHeader,
    says: () => ({ todo: 'Read, encrypt and store in every region', done: 'stored in every region and read back' }),
    tells: (header) => storedText(header),
    // A committed manifest is found by takeFullSnapshot itself, which then returns it without reading anything.
    observe: async () => notYet,
    run: async ({ world, done, input, signal, report }) => {
      const opened = await world.openSource();
      try {
        const order = {
          ...opened,
          vault: world.vault,
          backupId: done.name.backupId,
          databases: input.databases,
          lock: input.lock,
          planHash: world.planHash,
          signal,
          onProgress: (progress: SnapshotProgress) =>
            report({ text: progressText(progress), share: shareOf(progress) }),
        };
        const manifest = await take(order, done.name.parent);
        return manifest.header;
      } finally {
        await opened.close();
      }
    },
    timeoutMs: 6 * 3_600_000,
    retry: { times: 3, everyMs: 5_000 },
  })
  .step('verify', {
    output: BackupCheck,
    says: () => ({ todo: 'Verify every copy', done: 'every copy verified' }),
    tells: ({ regions, unreachable }) => [
      `Every segment read back and decrypted in ${regions.join(', ')}`,
      unreachable.length > 0 ? `; no answer from ${unreachable.join(', ')}` : '',
    ],
    observe: async () => notYet,
    run: async ({ world, done, signal }) => {
      const check = await verifyBackup(world.vault, done.name.backupId, signal);
      if (check.verdict === 'VERIFIED') return check;
      const first = check.damage[0];
      throw new DrError(
        'BACKUP_DAMAGED',
        'permanent',
        `${done.name.backupId} is damaged in ${first?.region ?? 'a region'}: ${first?.problem ?? 'unknown'}`,
        {
          hint: check.restorable
            ? 'It can still be restored from another region. Take a new one: /dr backup mongodb'
            : 'Take a new one: /dr backup mongodb',
        },
      );
    },
    timeoutMs: 6 * 3_600_000,
    retry: { times: 3, everyMs: 5_000 },
  })
  .build();

/** What a backup of changes will stand on, or why it will be a full one. */
async function baseOf(world: BackupWorld, input: BackupInput): Promise<Omit<Named, 'backupId'>> {
  if (input.only === 'everything') return {};
  const opened = await world.openSource();
  try {
    const chosen = await chooseParent(world.vault, opened.oplog, input.databases);
    return chosen.kind === 'parent' ? { parent: chosen.parent } : { fullBecause: chosen.because };
  } finally {
    await opened.close();
  }
}

/** Of changes where there is a parent; a full one when the oplog lost sight of it meanwhile. */
async function take(order: SnapshotOptions, parent: Named['parent']): Promise<Manifest> {
  if (!parent) return takeFullSnapshot(order);
  const open = await openBackup(order.vault, parent);
  open.close();
  try {
    return await takeIncrementalSnapshot(order, open.manifest);
  } catch (error) {
    if (!(error instanceof DrError) || error.code !== 'SOURCE_CHANGED' || error.kind !== 'permanent') throw error;
    return takeFullSnapshot(order);
  }
}

/** `B-1123-0800`, by the vault's clock; a letter follows where that minute has one already. */
async function freeBackupId(vault: Vault): Promise<BackupId> {
  const iso = vault.clock.now().toISOString();
  const stem = `B-${iso.slice(5, 7)}${iso.slice(8, 10)}-${iso.slice(11, 13)}${iso.slice(14, 16)}`;
  const { backups } = await listBackups(vault, { limit: 200 });
  const taken = new Set(
    backups.map((backup) => (backup.state === 'UNREADABLE' ? backup.place.backup : backup.header.backup)),
  );
  for (const letter of ['', ...'bcdefghjkmnpqrstuvwxyz']) {
    const id = BackupId.parse(`${stem}${letter}`);
    if (!taken.has(id)) return id;
  }
  throw new DrError('TARGET_EXISTS', 'transient', `Every name of the minute ${stem} is taken.`, {
    hint: 'Wait a minute.',
  });
}

function progressText(progress: SnapshotProgress): Text {
  const { phase, collections, documents, bytes, bytesBefore, bytesPerSecond, copied } = progress;
  if (phase === 'copying') return [`copying and reading back: ${copied.done} of ${copied.total} segments`];
  const left = bytesPerSecond > 0 ? (bytes.estimated - bytes.done) / bytesPerSecond : undefined;
  return [
    `${collections.done} of ${collections.total} collections, ${formatCount(documents.done)} documents, `,
    `${formatBytes(bytes.done)} of about ${formatBytes(Math.max(bytes.estimated, bytes.done))}, ${formatBytes(bytesPerSecond)}/s`,
    left !== undefined && left > 0 ? `, about ${formatDuration(left * 1000)} left` : '',
    bytesBefore > 0 ? `; ${formatBytes(bytesBefore)} were there from before an interruption` : '',
  ];
}

/** Reading counts for three quarters of the bar, copying for the rest. */
const shareOf = ({ phase, bytes, copied }: SnapshotProgress): number =>
  phase === 'reading'
    ? 0.75 * Math.min(1, bytes.estimated > 0 ? bytes.done / bytes.estimated : 0)
    : 0.75 + 0.25 * (copied.total > 0 ? copied.done / copied.total : 0);

function storedText({ backup, parent, bytes, storedBytes, documents, regions }: ManifestHeader): Text {
  const what = parent ? `documents changed since ${parent.backup}` : 'documents';
  return say`${backup}: ${formatCount(documents)} ${what}, ${formatBytes(bytes)} as ${formatBytes(storedBytes)}, in ${regions.join(', ')}`;
}
