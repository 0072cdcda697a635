import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openOplogSource, openSnapshotSource } from '#adapters/mongodb';
import { asDrError, BackupId, sha256 } from '#core';
import { type SnapshotOptions, takeFullSnapshot, takeIncrementalSnapshot } from '#snapshot';
import { openBackup, type Vault } from '#vault';
import { type VaultPlace, vaultAt } from './vault-place.ts';

/** What `node snapshots.ts ORDER` is given, as JSON. */
export interface SnapshotsOrder extends VaultPlace {
  readonly uri: string;
  readonly databases: readonly string[];
  /** Where it writes down what it is at: another process goes on with it. */
  readonly noteFile: string;
  /** Between two backups, in ms. */
  readonly everyMs: number;
}

const Note = z.object({ taken: z.array(BackupId), current: BackupId });
type Note = z.output<typeof Note>;

/** Every so many backups is a full one. */
const FULL_EVERY = 5;

/** Takes one backup after the other, full and of changes, until it is killed; whoever comes next goes on with it. */
async function takeSnapshots({ uri, databases, noteFile, everyMs, ...place }: SnapshotsOrder): Promise<void> {
  const vault = vaultAt(place);
  for (;;) {
    const note = readNote(noteFile);
    process.stdout.write(`takes ${note.current}\n`);
    try {
      await takeOne(uri, databases, vault, note);
      writeNote(noteFile, { taken: [...note.taken, note.current], current: idAfter(note.taken.length + 1) });
      process.stdout.write(`${note.current} is committed\n`);
      await sleep(everyMs);
    } catch (thrown) {
      const error = asDrError(thrown);
      process.stdout.write(`${note.current}: ${error.code} ${error.message}\n`);
      await sleep(500);
    }
  }
}

async function takeOne(uri: string, databases: readonly string[], vault: Vault, note: Note): Promise<void> {
  const source = await openSnapshotSource({ uri, prefer: 'secondary' });
  const oplog = await openOplogSource({ uri, prefer: 'secondary' });
  const order: SnapshotOptions = {
    source,
    oplog,
    vault,
    backupId: note.current,
    databases: { include: [...databases], exclude: [] },
    lock: { mode: 'governance', days: 1 },
    planHash: sha256('model'),
    signal: new AbortController().signal,
    // small, so that a kill finds it in the middle
    segmentBytes: 300_000,
    checkpointEveryMs: 200,
  };
  try {
    const parent = note.taken.length % FULL_EVERY === 0 ? undefined : note.taken.at(-1);
    if (parent === undefined) await takeFullSnapshot(order);
    else {
      const open = await openBackup(vault, parent);
      open.close();
      await takeIncrementalSnapshot(order, open.manifest);
    }
  } finally {
    await Promise.all([source.close(), oplog.close()]);
  }
}

/** Of the run's day; the minutes only number them. */
function idAfter(taken: number): BackupId {
  const day = new Date().toISOString().slice(5, 10).replace('-', '');
  const minute = 60 + taken;
  const two = (n: number): string => String(n).padStart(2, '0');
  return BackupId.parse(`B-${day}-${two(Math.floor(minute / 60))}${two(minute % 60)}`);
}

export const backupsTaken = (noteFile: string): number => readNote(noteFile).taken.length;

const readNote = (file: string): Note =>
  existsSync(file) ? Note.parse(JSON.parse(readFileSync(file, 'utf8'))) : { taken: [], current: idAfter(0) };

/** In one step: whoever is killed while writing leaves the old one. */
function writeNote(file: string, note: Note): void {
  writeFileSync(`${file}.new`, JSON.stringify(note));
  renameSync(`${file}.new`, file);
}

const [program, order] = process.argv.slice(1);
if (order && program?.endsWith('snapshots.ts')) await takeSnapshots(JSON.parse(order));
