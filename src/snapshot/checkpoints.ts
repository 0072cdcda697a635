import { z } from 'zod';
import type { OplogTime } from '#ports';
import { type BackupPlace, type DataKey, type StoredSegment, type Vault, writeCheckpoint } from '#vault';
import { type Begun, Checkpoint } from './checkpoint.ts';
import type { RangeMark, Reading } from './reading.ts';
import { SegmentLane } from './segment-lane.ts';

export interface CheckpointsOptions {
  readonly vault: Vault;
  readonly place: BackupPlace;
  readonly attempt: string;
  readonly key: DataKey | Promise<DataKey>;
  readonly everyMs: number;
  /** How many an interrupted process wrote of the same attempt. */
  readonly written: number;
}

/** What is read, as far as it is settled before the first batch. */
export interface Underway {
  readonly begun: Begun;
  readonly readFrom: Checkpoint['readFrom'];
  readonly readings: readonly Reading[];
  /** Numbers under this are taken. */
  readonly nextNumber: () => number;
  /** All of the oplog through here is in the segments. */
  readonly reached: OplogTime;
}

/**
 * Says from time to time how far a full backup has come, so that a crash costs minutes of it. One that fails to be
 * written is made up for by the next: nothing depends on them but the time that a crash costs.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #oplog = new SegmentLane<OplogTime>();
  readonly #documents: SegmentLane<RangeMark>[] = [];
  #underway: Underway | undefined;
  #reached: OplogTime | undefined;
  #fresh: StoredSegment[] = [];
  #written: number;
  #lastMs: number;
  #oplogMs: number;
  #writing: Promise<void> | undefined;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#written = options.written;
    this.#lastMs = options.vault.clock.monotonicMs();
    this.#oplogMs = this.#lastMs;
  }

  /** Before it nothing is written. */
  begin(underway: Underway): void {
    this.#underway = underway;
    this.#reached = underway.reached;
  }

  get oplog(): SegmentLane<OplogTime> {
    return this.#oplog;
  }

  /** A lane for one reader. */
  lane(): SegmentLane<RangeMark> {
    const lane = new SegmentLane<RangeMark>();
    this.#documents.push(lane);
    return lane;
  }

  /** Whether the open segment of the oplog should be handed on, so that a checkpoint has it. Says so once each time. */
  oplogDue(): boolean {
    const nowMs = this.#options.vault.clock.monotonicMs();
    if (nowMs - this.#oplogMs < this.#options.everyMs) return false;
    this.#oplogMs = nowMs;
    return true;
  }

  /** To be told of each segment that is in the bucket. */
  stored(segment: StoredSegment): void {
    if (segment.record.kind === 'oplog') this.#oplog.store(segment);
    else this.#documents.some((lane) => lane.store(segment));
    const idleMs = this.#options.vault.clock.monotonicMs() - this.#lastMs;
    if (!this.#underway || this.#writing || idleMs < this.#options.everyMs) return;
    this.#writing = this.#write(this.#underway).finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves once none is being written. */
  async end(): Promise<void> {
    this.#underway = undefined;
    await this.#writing;
  }

  async #write({ begun, readFrom, readings, nextNumber }: Underway): Promise<void> {
    const { vault, key, place, attempt } = this.#options;
    this.#lastMs = vault.clock.monotonicMs();
    this.#settle();
    const number = this.#written + 1;
    const segments = [...this.#fresh];
    const content = z.encode(Checkpoint, {
      ...(number === 1 ? { begun } : {}),
      readFrom,
      reached: this.#reached ?? begun.start,
      nextNumber: nextNumber(),
      readings: readings.map(({ number: under, reads, ranges }, collection) => {
        return { collection, number: under, reads, ranges: ranges.map(({ range, kept }) => ({ range, kept })) };
      }),
      segments: segments.map(({ record, tallies }) => ({ record, words: tallies.map(({ words }) => words) })),
    });
    try {
      await writeCheckpoint(vault, { place, attempt, number }, content, await key);
    } catch {
      return;
    }
    this.#written = number;
    this.#fresh = this.#fresh.slice(segments.length);
  }

  #settle(): void {
    const oplog = this.#oplog.settle();
    this.#reached = oplog.marks.at(-1) ?? this.#reached;
    this.#fresh.push(...oplog.segments);
    for (const lane of this.#documents) {
      const { segments, marks } = lane.settle();
      for (const { of, kept } of marks) of.kept = kept;
      this.#fresh.push(...segments);
    }
  }
}
