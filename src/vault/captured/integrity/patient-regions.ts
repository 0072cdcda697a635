import { asDrError, type DrError, type Region } from '#core';
import type { ObjectStore } from '#ports';
import type { Vault } from '../../vault.ts';

/** A call that fails for a moment is made again so often, each time after a longer wait, in ms. */
const WAITS_MS = [300, 1_000, 3_000];

/** The regions of a vault as one verification meets them: patient with each call, but not for ever with a dead region. */
export interface PatientRegions {
  readonly vault: Vault;
  readonly signal: AbortSignal;
  /** The stores that are still asked. */
  stores(): readonly ObjectStore[];
  /** Regions of which nothing is known, and why: they did not answer, or refuse to be read. */
  readonly unread: ReadonlyMap<Region, DrError>;
  /** Regions whose key service did not answer: what it would say is not known, and it is not asked again. */
  readonly silentKeys: Map<Region, DrError>;
  /**
   * Reads from one region. Throws NOT_FOUND and what is no matter of the region; what makes a region unread is thrown
   * too, and the region is not asked again.
   */
  read<T>(store: ObjectStore, call: (store: ObjectStore) => Promise<T>): Promise<T>;
  /** A call to anything that may be silent for a moment. Throws what the last try threw. */
  patiently<T>(call: () => Promise<T>): Promise<T>;
}

/** All regions, or those of `asked`. Nothing is asked yet. */
export function patientRegions(
  vault: Vault,
  signal: AbortSignal,
  asked: readonly ObjectStore[] = vault.stores,
): PatientRegions {
  const unread = new Map<Region, DrError>();
  const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
    for (const waitMs of WAITS_MS) {
      signal.throwIfAborted();
      try {
        return await call();
      } catch (thrown) {
        const error = asDrError(thrown);
        if (error.kind !== 'transient') throw error;
        await vault.clock.sleep(waitMs, signal);
      }
    }
    signal.throwIfAborted();
    return call();
  };
  return {
    vault,
    signal,
    unread,
    silentKeys: new Map(),
    patiently,
    stores: () => asked.filter(({ region }) => !unread.has(region)),
    async read(store, call) {
      try {
        return await patiently(() => call(store));
      } catch (thrown) {
        signal.throwIfAborted();
        const error = asDrError(thrown);
        // a refusal says nothing about the bytes: it must not be taken for a loss
        if (error.kind === 'transient' || error.code === 'OBJECT_STORE_REFUSED') unread.set(store.region, error);
        throw error;
      }
    },
  };
}
