import { DrError } from '#core';
import type { Dns, RegionWeight } from '#ports';

export interface MemoryDns extends Dns {
  /** How many changes were written so far. */
  changes(): number;
  /** The next calls throw this, until it is taken back. */
  failWith(error: DrError | undefined): void;
}

/** Weighted records in this process; every change is in sync at once. */
export function memoryDns(start: readonly RegionWeight[], ttlSeconds = 1): MemoryDns {
  let weights = sorted(start);
  let changes = 0;
  let failure: DrError | undefined;
  const guard = (): void => {
    if (failure) throw failure;
  };
  return {
    weights: async () => {
      guard();
      return weights;
    },
    setWeights: async (wanted) => {
      guard();
      for (const { region } of wanted) {
        if (weights.some((known) => known.region === region)) continue;
        throw new DrError('DNS_REFUSED', 'permanent', `There is no weighted record for ${region}.`);
      }
      const untouched = weights.filter(({ region }) => !wanted.some((next) => next.region === region));
      weights = sorted([...untouched, ...wanted]);
      changes += 1;
      return { change: `change-${changes}` };
    },
    isInSync: async (change) => {
      guard();
      if (/^change-\d+$/.test(change)) return true;
      throw new DrError('DNS_REFUSED', 'permanent', `There is no change ${change}.`);
    },
    ttlSeconds: async () => ttlSeconds,
    changes: () => changes,
    failWith: (error) => {
      failure = error;
    },
  };
}

const sorted = (weights: readonly RegionWeight[]): RegionWeight[] =>
  [...weights].map((each) => ({ ...each })).sort((a, b) => (a.region < b.region ? -1 : 1));
