import { DrError } from '#core';
import { isBadWrap } from '../../bad-wrap.ts';
import { type DataKey, dataKey } from '../../data-key.ts';
import { judge } from '../../key-standing.ts';
import { generationOf } from '../../object-keys.ts';
import { type CapturedHeader, decodeCaptured } from '../captured-file.ts';
import { checkKeyObject } from './check-key-object.ts';
import type { CheckedObject } from './checked-object.ts';
import type { HourObject } from './hour-objects.ts';
import { type Candidates, type CopyIn, candidatesOf, rememberingService } from './key-candidates.ts';
import type { PatientRegions } from './patient-regions.ts';

/** The data keys of an hour. A key counts as the right one once it opened something. */
export interface HourKeys {
  /**
   * Header and entries, with the key of that name. Throws BACKUP_DAMAGED (permanent) when no key that there is opens it
   * (`data.keyless` when there is none), KEY_REFUSED (permanent) or a transient error when a key service could tell more.
   */
  decode(object: Buffer, name: string): Promise<{ header: CapturedHeader; entries: Buffer }>;
  /** Compares every copy of every key object, and heals what differs from the best. Ask it after everything was decoded. */
  check(): Promise<CheckedObject[]>;
  /** Forgets the keys. */
  close(): void;
}

/** `objects` are the key objects of the hour. Nothing is read yet. */
export function openHourKeys(regions: PatientRegions, objects: readonly HourObject[]): HourKeys {
  const services = regions.vault.keys.map((service) => rememberingService(regions, service));
  const proved = new Map<string, DataKey>();
  const found = new Map<string, Promise<Candidates>>();
  const read = new Map<string, Promise<Buffer | undefined>>();
  const copyIn: CopyIn = (store, { key }, version) => {
    const name = `${store.region} ${key} ${version?.versionId ?? ''}`;
    const reading =
      read.get(name) ??
      regions
        .read(store, (asked) => asked.get(key, version?.versionId))
        .catch((thrown: unknown) => {
          if (thrown instanceof DrError && thrown.code === 'NOT_FOUND') return undefined;
          throw thrown;
        });
    read.set(name, reading);
    return reading;
  };
  const candidates = (name: string, which: 'current' | 'older'): Promise<Candidates> => {
    const known = found.get(`${which} ${name}`) ?? candidatesOf(regions, services, name, objects, copyIn, which);
    found.set(`${which} ${name}`, known);
    return known;
  };
  const names = (): string[] => [...new Set(objects.flatMap(({ key }) => generationOf(key)?.name ?? []))];
  return {
    async decode(object, name) {
      const known = proved.get(name);
      if (known) return decodeCaptured(object, known.bytes);
      const failures: DrError[] = [];
      let misfit: DrError | undefined;
      for (const which of ['current', 'older'] as const) {
        const given = await candidates(name, which);
        failures.push(...given.failures);
        for (const bytes of given.keys) {
          try {
            const decoded = decodeCaptured(object, bytes);
            proved.set(name, dataKey(name, Buffer.from(bytes)));
            return decoded;
          } catch (thrown) {
            if (!(thrown instanceof DrError)) throw thrown;
            misfit = thrown;
          }
        }
      }
      throw misfit ?? failures.find(({ kind }) => kind === 'transient') ?? keyless(name, failures);
    },
    async check() {
      const checked: CheckedObject[] = [];
      for (const name of names()) {
        const key = proved.get(name) ?? (await agreed(name, await candidates(name, 'current')));
        if (!key) continue;
        for (const object of objects.filter((each) => generationOf(each.key)?.name === name)) {
          const judgeCopy = (bytes: Buffer) => judge({ keys: services }, { key }, bytes);
          checked.push(await checkKeyObject(regions, object, copyIn, judgeCopy));
        }
        if (!proved.has(name)) key.forget();
      }
      return checked;
    },
    close() {
      for (const key of proved.values()) key.forget();
      for (const service of services) service.forget();
      for (const each of found.values()) {
        void each.then(({ keys }) => keys.forEach((key) => void key.fill(0))).catch(() => undefined);
      }
      found.clear();
      proved.clear();
      read.clear();
    },
  };
}

/** A key that opened nothing, because nothing of it is left to open: the one that all wraps give, if they agree. */
function agreed(name: string, { keys }: Candidates): DataKey | undefined {
  const [only, ...others] = keys;
  return only && others.length === 0 ? dataKey(name, Buffer.from(only)) : undefined;
}

/** Only what is not there or gives nothing is lost; a service that refuses whoever asks says nothing about it. */
function keyless(name: string, failures: readonly DrError[]): DrError {
  const refusal = failures.find((failure) => !isBadWrap(failure));
  if (refusal) return refusal;
  return new DrError('BACKUP_DAMAGED', 'permanent', `No region has a whole copy of its key, ${name}.`, {
    data: { keyless: true },
  });
}
