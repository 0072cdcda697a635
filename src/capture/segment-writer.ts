import { asDrError, DrError, sha256 } from '#core';
import type { OplogTime } from '#ports';
import {
  type CapturedRange,
  commitCaptured,
  createNamedKey,
  type DataKey,
  encodeCaptured,
  FORMAT,
  FORMAT_VERSION,
  hourKeyName,
  NONCE_BYTES,
  rangeKey,
} from '#vault';
import type { CapturePosition } from './capture-state.ts';
import { type CaptureWorld, QUIET_SEGMENT_MS, SEGMENT_BYTES, segmentLock } from './capture-world.ts';
import { storesInStep } from './stores-in-step.ts';

/** The open segment of a timeline, and how it becomes durable. */
export interface SegmentWriter {
  /** Up to where entries are durable. */
  readonly position: CapturePosition;
  /** Up to where entries were taken in; later than `position` while a segment is open. */
  readonly reached: { readonly time: OplogTime; readonly term: number };
  /** The newest segment that is durable, once one was written. */
  readonly lastKey: string | undefined;
  /** Kept entries that are not durable yet. */
  readonly pending: number;
  /** Takes an entry in; it is copied. */
  append(entry: Buffer): void;
  /** Says that all up to this entry was taken in or left out on purpose. */
  reach(time: OplogTime, term: number): void;
  /** Says that what was reached is waited for like a kept entry, though nothing of it is kept. */
  hurry(): void;
  /** Whether the open segment is old or large enough to be written. */
  isDue(): boolean;
  /**
   * Makes what was taken in durable; nothing happens when there is nothing. Throws what `commitCaptured` and
   * `createNamedKey` throw; asked again, it writes the very same object, so that a half-taken one is completed.
   */
  flush(): Promise<void>;
  /** Forgets the key. */
  close(): void;
}

/** Sealed and not yet durable: a second try must write the same bytes. */
interface Sealed {
  readonly key: string;
  readonly object: Buffer;
  readonly next: CapturePosition;
}

export function openSegmentWriter(world: CaptureWorld, token: number, start: CapturePosition): SegmentWriter {
  const { vault, settings, clock } = world;
  const stores = storesInStep(vault.stores, settings.durableRegions);
  let position = start;
  let reached = { time: start.through, term: start.term };
  let entries: Buffer[] = [];
  let bytes = 0;
  let openSinceMs: number | undefined;
  let hurried = false;
  let lastKey: string | undefined;
  let sealed: Sealed | undefined;
  let key: DataKey | undefined;

  const keyFor = async (range: CapturedRange): Promise<DataKey> => {
    const name = hourKeyName(range);
    if (key?.name === name) return key;
    key?.forget();
    key = undefined;
    try {
      key = await createNamedKey(vault, name, segmentLock(world));
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.code !== 'TARGET_EXISTS') throw error;
      // only this lease writes under this name: an earlier try of ours got half way
      throw new DrError('SERVICE_UNAVAILABLE', 'permanent', `The key ${name} was begun and not finished.`, {
        cause: thrown,
        hint: 'Capture goes on under a new lease by itself.',
      });
    }
    return key;
  };
  const seal = async (): Promise<Sealed> => {
    const { timeline, through: from, previous } = position;
    const range: CapturedRange = { timeline, from, through: reached.time, token };
    const content = Buffer.concat(entries);
    const { name, bytes: secret } = await keyFor(range);
    const header = {
      format: FORMAT,
      version: FORMAT_VERSION,
      timeline,
      token,
      key: name,
      from,
      through: reached.time,
      entries: entries.length,
      plainBytes: content.length,
      previous,
      ...(previous === null && position.begins ? { begins: position.begins } : {}),
    } as const;
    const object = encodeCaptured(header, content, secret, vault.random(NONCE_BYTES));
    const next = { timeline, through: reached.time, term: reached.term, previous: sha256(object) };
    return { key: rangeKey(range), object, next };
  };

  return {
    get position() {
      return position;
    },
    get reached() {
      return reached;
    },
    get lastKey() {
      return lastKey;
    },
    get pending() {
      return entries.length;
    },
    append(entry) {
      entries.push(Buffer.from(entry));
      bytes += entry.length;
    },
    reach(time, term) {
      reached = { time, term };
      openSinceMs ??= clock.monotonicMs();
    },
    hurry() {
      hurried = true;
    },
    isDue() {
      if (openSinceMs === undefined) return false;
      const ageMs = clock.monotonicMs() - openSinceMs;
      return bytes >= SEGMENT_BYTES || ageMs >= (entries.length > 0 || hurried ? settings.segmentMs : QUIET_SEGMENT_MS);
    },
    async flush() {
      if (openSinceMs === undefined) return;
      sealed ??= await seal();
      await commitCaptured(stores.now(), settings.durableRegions, { ...sealed, lock: segmentLock(world) });
      position = sealed.next;
      lastKey = sealed.key;
      sealed = undefined;
      entries = [];
      bytes = 0;
      openSinceMs = undefined;
      hurried = false;
    },
    close() {
      key?.forget();
      key = undefined;
    },
  };
}
