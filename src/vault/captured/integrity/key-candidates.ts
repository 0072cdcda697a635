import { asDrError, type DrError, type Region } from '#core';
import type { KeyService, ObjectStore } from '#ports';
import { contextOf, decodeKeyFile } from '../../key-file.ts';
import { generationOf } from '../../object-keys.ts';
import { same } from '../../opened-key.ts';
import type { HourObject, VersionThere } from './hour-objects.ts';
import type { PatientRegions } from './patient-regions.ts';

/** Every key that the wraps of one name give, and what kept others from being given. */
export interface Candidates {
  readonly keys: readonly Buffer[];
  readonly failures: readonly DrError[];
}

/** One key object as one region has it now; undefined where it is not there. */
export type CopyIn = (store: ObjectStore, object: HourObject, version?: VersionThere) => Promise<Buffer | undefined>;

/**
 * The keys that the objects of one name give through any region's key service: of the current copies, or of the versions
 * before them, which nobody reads and which may be whole. Each different key once. A region that is silent is a failure.
 */
export async function candidatesOf(
  regions: PatientRegions,
  services: readonly KeyService[],
  name: string,
  objects: readonly HourObject[],
  copyIn: CopyIn,
  which: 'current' | 'older',
): Promise<Candidates> {
  const keys: Buffer[] = [];
  const failures: DrError[] = [];
  const asked = new Set<string>();
  for (const object of objects.filter(({ key }) => generationOf(key)?.name === name).toReversed()) {
    for (const { store, version } of placesOf(regions, object, which)) {
      const bytes = await copyIn(store, object, version).catch(
        (thrown: unknown) => void failures.push(asDrError(thrown)),
      );
      if (!bytes) continue;
      for (const { region, wrapped } of wrapsIn(bytes, name)) {
        if (asked.has(wrapped)) continue;
        asked.add(wrapped);
        for (const service of services.filter((each) => each.region === region)) {
          try {
            const key = await service.unwrap(Buffer.from(wrapped, 'base64'), contextOf(name));
            if (keys.some((each) => same(each, key))) key.fill(0);
            else keys.push(key);
          } catch (thrown) {
            failures.push(asDrError(thrown));
          }
        }
      }
    }
  }
  return { keys, failures };
}

function placesOf(
  regions: PatientRegions,
  { versions }: HourObject,
  which: 'current' | 'older',
): { store: ObjectStore; version?: VersionThere }[] {
  const stores = regions.stores();
  if (which === 'current') return stores.map((store) => ({ store }));
  return stores.flatMap((store) =>
    (versions.get(store.region) ?? []).filter(({ current }) => !current).map((version) => ({ store, version })),
  );
}

function wrapsIn(bytes: Buffer, name: string): readonly { readonly region: Region; readonly wrapped: string }[] {
  try {
    return decodeKeyFile(bytes, name).wraps;
  } catch {
    // what is no key object gives no key; that it is damaged is said where copies are compared
    return [];
  }
}

/** A key service that is patient, and asked once for each wrap. `forget` overwrites what it gave. */
export function rememberingService(regions: PatientRegions, service: KeyService): KeyService & { forget(): void } {
  const given = new Map<string, Promise<Buffer>>();
  const silentFromNow = (thrown: unknown): never => {
    regions.signal.throwIfAborted();
    const error = asDrError(thrown);
    if (error.kind === 'transient') regions.silentKeys.set(service.region, error);
    throw error;
  };
  return {
    region: service.region,
    keyName: service.keyName,
    wrap: (key, context) => service.wrap(key, context),
    async unwrap(wrapped, context) {
      const name = `${context['key']} ${Buffer.from(wrapped).toString('base64')}`;
      const silent = regions.silentKeys.get(service.region);
      if (silent) throw silent;
      const known = given.get(name) ?? regions.patiently(() => service.unwrap(wrapped, context)).catch(silentFromNow);
      given.set(name, known);
      return Buffer.from(await known);
    },
    forget() {
      for (const each of given.values()) void each.then((key) => key.fill(0)).catch(() => undefined);
      given.clear();
    },
  };
}
