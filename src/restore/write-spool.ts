import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrError, lengthAt, type RandomBytes, type RawDocument } from '#core';
import type { OplogTime } from '#ports';
import { type OplogEntry, parseOperation } from './oplog-entry.ts';

/** Writes put aside by collection, so that each collection's are read once and not all for each. */
export interface WriteSpool {
  /** Takes an insert, update or delete of a collection; others are passed over. Throws DISK_FULL (transient). */
  add(operation: OplogEntry): Promise<void>;
  writesTo(uuid: string): AsyncGenerator<OplogEntry>;
  /** Removes what is on disk. */
  close(): Promise<void>;
}

/** What is held in memory before anything goes to disk. */
const MEMORY_BYTES = 16 * 1024 * 1024;
/** What a collection gathers before it goes to disk in one piece. */
const PIECE_BYTES = 1024 * 1024;
const TIME_BYTES = 8;

interface Piece {
  readonly at: number;
  readonly length: number;
  readonly nonce: Buffer;
}

interface Shelf {
  /** What is not on disk: one operation after the other, the first `bytes` of it. */
  memory: Buffer;
  bytes: number;
  readonly pieces: Piece[];
}

const FIRST_BYTES = 4 * 1024;

/** Adds bytes to what a shelf holds. One growing buffer: an object for each of a million writes weighs more than they do. */
function append(shelf: Shelf, time: OplogTime, raw: RawDocument): void {
  const needed = shelf.bytes + TIME_BYTES + raw.length;
  if (needed > shelf.memory.length) {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, shelf.memory.length * 2));
    shelf.memory.copy(larger, 0, 0, shelf.bytes);
    shelf.memory = larger;
  }
  shelf.memory.writeUInt32LE(time.seconds, shelf.bytes);
  shelf.memory.writeUInt32LE(time.increment, shelf.bytes + 4);
  raw.copy(shelf.memory, shelf.bytes + TIME_BYTES);
  shelf.bytes = needed;
}

/**
 * In memory while it is little; past that in one temporary file, encrypted with a key that only this process has: the
 * writes are people's data, and a disk outlives a process that is killed.
 */
export function openWriteSpool(random: RandomBytes): WriteSpool {
  const shelves = new Map<string, Shelf>();
  const key = random(32);
  let total = 0;
  let disk: { readonly directory: string; readonly file: FileHandle; end: number } | undefined;

  const toDisk = async (shelf: Shelf): Promise<void> => {
    if (shelf.bytes === 0) return;
    disk ??= await openDisk();
    const nonce = random(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const plain = shelf.memory.subarray(0, shelf.bytes);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    try {
      await disk.file.write(sealed, 0, sealed.length, disk.end);
    } catch (cause) {
      throw diskFull(cause);
    }
    shelf.pieces.push({ at: disk.end, length: sealed.length, nonce });
    disk.end += sealed.length;
    total -= shelf.bytes;
    shelf.bytes = 0;
  };

  return {
    async add(operation) {
      const { uuid, at, raw } = operation;
      if (!uuid || operation.operation === 'c') return;
      const shelf = shelves.get(uuid) ?? { memory: Buffer.allocUnsafeSlow(FIRST_BYTES), bytes: 0, pieces: [] };
      shelves.set(uuid, shelf);
      append(shelf, at, raw);
      total += TIME_BYTES + raw.length;
      if (total < MEMORY_BYTES) return;
      for (const each of shelves.values()) if (each.bytes >= PIECE_BYTES) await toDisk(each);
      if (total >= MEMORY_BYTES) for (const each of shelves.values()) await toDisk(each);
    },
    async *writesTo(uuid) {
      const shelf = shelves.get(uuid);
      if (!shelf) return;
      for (const piece of shelf.pieces) {
        if (disk) yield* operationsIn(await readPiece(disk.file, piece, key));
      }
      yield* operationsIn(shelf.memory.subarray(0, shelf.bytes));
    },
    async close() {
      key.fill(0);
      shelves.clear();
      if (!disk) return;
      await disk.file.close();
      await rm(disk.directory, { recursive: true, force: true });
    },
  };
}

async function openDisk(): Promise<{ directory: string; file: FileHandle; end: number }> {
  try {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-restore-'));
    return { directory, file: await open(join(directory, 'writes'), 'wx+', 0o600), end: 0 };
  } catch (cause) {
    throw diskFull(cause);
  }
}

async function readPiece(file: FileHandle, { at, length, nonce }: Piece, key: Buffer): Promise<Buffer> {
  const sealed = Buffer.alloc(length);
  await file.read(sealed, 0, length, at);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(sealed.subarray(length - 16));
  return Buffer.concat([decipher.update(sealed.subarray(0, length - 16)), decipher.final()]);
}

function* operationsIn(buffer: Buffer): Generator<OplogEntry> {
  for (let at = 0; at < buffer.length; ) {
    const time = { seconds: buffer.readUInt32LE(at), increment: buffer.readUInt32LE(at + 4) };
    const from = at + TIME_BYTES;
    at = from + lengthAt(buffer, from);
    yield parseOperation(buffer.subarray(from, at), time);
  }
}

const diskFull = (cause: unknown): DrError =>
  new DrError('DISK_FULL', 'transient', 'This machine could not keep the writes to replay on its disk.', {
    cause,
    hint: `Make room in ${tmpdir()}, or set TMPDIR to a larger disk.`,
  });
