import { memoryKeyService, memoryObjectStore } from '#adapters/memory';
import { asDrError, DrError, Region } from '#core';
import type { InUse, ManifestFacts, RetentionPolicy, RetentionWorld } from '#retention';
import { openVault, type Vault } from '#vault';
import type { Seeded } from '../../e2e/scenarios/seeded.ts';
import { type Reach, reachOf } from './oracle.ts';
import { somePolicy } from './plans.ts';
import { type Before, trippingStore } from './tripping-store.ts';
import { chain, emptyTruth, type MadeBackup, type Truth } from './truth.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const never = new AbortController().signal;

/** A planted mistake: what prune is made to believe instead of what is so. */
export type Planted = (world: RetentionWorld) => RetentionWorld;

/** How often what happened. */
export interface Tally {
  backups: number;
  marks: number;
  sweeps: number;
  crashes: number;
  refusals: number;
  interlopers: number;
  holds: number;
  restores: number;
  restoresRefused: number;
  removed: number;
}

class Crash extends Error {}
export const isCrash = (thrown: unknown): boolean =>
  thrown instanceof Crash || asDrError(thrown).cause instanceof Crash;

/** A backup that was begun; one without `finish` died. */
export interface Unfinished {
  readonly name: string;
  readonly keys: readonly string[];
  readonly endsMs: number;
  readonly finish: (() => Promise<void>) | undefined;
}

/** Buckets, clocks and memories: everything that the people of a life share. */
export class Scene {
  readonly faults: string[] = [];
  readonly tally: Tally = {
    ...{ backups: 0, marks: 0, sweeps: 0, crashes: 0, refusals: 0, interlopers: 0 },
    ...{ holds: 0, restores: 0, restoresRefused: 0, removed: 0 },
  };
  readonly policy: RetentionPolicy;
  readonly random: Seeded;
  readonly plant: Planted;
  readonly truth: Truth = emptyTruth();
  readonly stores = ['us-east-1', 'us-west-2'].map((name) =>
    memoryObjectStore(Region.parse(name), { now: () => this.now() }),
  );
  readonly keys = [memoryKeyService(Region.parse('us-east-1'))];
  readonly inUse = new Map<string, InUse>();
  readonly unfinished: Unfinished[] = [];
  readonly releaseLater = new Set<MadeBackup>();
  readonly firstLockDays: number;
  ms = Date.parse('2026-01-01T00:00:00Z');
  skewMs = 0;
  runs = 0;
  timeline = 1;
  captured = 0;
  /** Nobody crashes and nobody comes in between any more. */
  quiet = false;

  constructor(random: Seeded, plant: Planted) {
    this.random = random;
    this.plant = plant;
    this.policy = somePolicy(random);
    this.firstLockDays = Math.max(0, Math.floor(random() * 12) - 5);
  }

  now(): Date {
    return new Date(this.ms);
  }

  /** Their own clock is right only most of the time. */
  vault(before: Before, behindMs = 0): Vault {
    const clock = {
      now: () => new Date(this.ms + this.skewMs - behindMs),
      monotonicMs: () => this.ms,
      sleep: async () => undefined,
    };
    return openVault({
      stores: this.stores.map((store) => trippingStore(store, before)),
      keys: this.keys,
      clock,
      random: (size) => Buffer.alloc(size, 1),
    });
  }

  /** Manifests of the model are plain, so that they can have parents, and ten years of them open quickly. */
  world(before: Before): RetentionWorld {
    const vault = this.vault(before);
    return this.plant({
      vault,
      policy: this.policy,
      inUse: async () => [...this.inUse.values()],
      openManifest: async ({ year, backup }) => {
        for (const store of vault.stores) {
          const found = await store.get(`manifests/${year}/${backup}`).catch((thrown: unknown) => {
            if (asDrError(thrown).code !== 'NOT_FOUND') throw thrown;
          });
          if (found) return JSON.parse(found.toString()) as ManifestFacts;
        }
        throw new DrError('BACKUP_DAMAGED', 'permanent', 'damaged everywhere');
      },
    });
  }

  async put(key: string, body: string, lockDays: number): Promise<void> {
    const until = new Date(this.ms + lockDays * DAY_MS);
    const lock = lockDays > 0 ? ({ mode: this.policy.lockMode, until } as const) : 'none';
    for (const store of this.stores) await store.put(key, Buffer.from(body), { lock, ifAbsent: false });
  }

  nextRun(): string {
    this.runs += 1;
    return `R-${this.runs}`;
  }

  someSkew(): number {
    const dice = this.random();
    if (dice < 0.6) return 0;
    if (dice < 0.8) return (this.random() - 0.5) * HOUR_MS;
    if (dice < 0.93) return (this.random() - 0.5) * 1.9 * DAY_MS;
    return (this.random() - 0.5) * 2_000 * DAY_MS;
  }

  async jump(): Promise<void> {
    this.skewMs = this.someSkew();
  }

  mayCrash(share: number): Before {
    const after = this.random() < 0.3 ? Math.floor(this.random() / share) : Number.POSITIVE_INFINITY;
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= after) return;
      this.tally.crashes += 1;
      throw new Crash('killed');
    };
  }

  there(): Set<string> {
    return new Set(this.stores.flatMap((store) => store.keys()));
  }

  reach(): Reach {
    return reachOf(this.truth, this.there(), this.policy, Math.floor(this.ms / 1000));
  }

  restorableNewest(): MadeBackup | undefined {
    return this.truth.backups
      .filter((each) => chain(each).every((one) => !this.truth.doubted.has(one) && !this.truth.hidden.has(one)))
      .at(-1);
  }

  offered(): MadeBackup[] {
    const there = this.there();
    return this.truth.backups.filter((each) => there.has(each.keys[0] ?? '') && !this.truth.hidden.has(each));
  }
}
