import { type Clock, DrError, type Region, sha256, systemClock } from '#core';
import {
  isInstant,
  type ObjectLock,
  type ObjectStore,
  type Storage,
  type StorageClass,
  type UnfinishedUpload,
} from '#ports';

interface Version {
  readonly versionId: string;
  readonly kind: 'object' | 'delete-marker';
  readonly writtenAt: Date;
  /** Of the bytes as they were put: a failing disk changes them without it. */
  readonly etag: string;
  body: Buffer;
  lock: ObjectLock | 'none';
  legalHold: boolean;
  storageClass?: StorageClass;
  wantedClass?: StorageClass;
  /** From when on the copy that was asked for can be read. */
  thawsAt?: Date;
}

/** A versioned bucket in memory, with the hands a test needs to damage it or cut it off. */
export interface MemoryObjectStore extends ObjectStore {
  /** Changes a version's bytes behind everybody's back, as a failing disk would. */
  tamper(key: string, change: (body: Buffer) => Buffer): void;
  /** Removes all versions of a key, as an administrator could with a governance lock. */
  erase(key: string): void;
  /** Puts a delete marker on a key, as a delete without a version does. */
  hide(key: string): void;
  /** Begins an upload in parts that nobody goes on with. */
  beginUpload(key: string): Promise<string>;
  keys(): string[];
  /** Does what the bucket's rules do: moves every version to the class that was asked for. */
  applyRules(): void;
  /** How long a thaw takes, in ms; at once unless it is set. */
  thawTakes(ms: number): void;
  /** While set, every call throws this. */
  failWith(error: DrError | undefined): void;
}

/** An ObjectStore in memory, with a clock as the service would have one. Nothing of it survives the process. */
export function memoryObjectStore(region: Region, clock: Pick<Clock, 'now'> = systemClock): MemoryObjectStore {
  const objects = new Map<string, Version[]>();
  const uploads = new Map<string, UnfinishedUpload>();
  let failure: DrError | undefined;
  let counter = 0;
  let thawMs = 0;
  const ready = (): void => {
    if (failure) throw failure;
  };
  const next = (): string => {
    counter += 1;
    return `v${counter}`;
  };
  const find = (key: string, versionId?: string): Version | undefined => {
    const versions = objects.get(key);
    const found = versionId ? versions?.find((version) => version.versionId === versionId) : versions?.at(-1);
    return found?.kind === 'object' ? found : undefined;
  };
  const mustFind = (key: string, versionId?: string): Version => {
    const found = find(key, versionId);
    if (!found) throw new DrError('NOT_FOUND', 'permanent', `${key} is not in ${region}.`);
    return found;
  };
  const keysUnder = (prefix: string): string[] =>
    [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(byBytes);
  return {
    region,
    async put(key, body, { lock, ifAbsent, sha256: known }) {
      ready();
      if (known !== undefined && known !== sha256(body)) {
        throw refused(`${region} got other bytes than were hashed for ${key}.`, 'BadDigest');
      }
      if (lock !== 'none' && lock.until <= clock.now()) throw past(key);
      if (ifAbsent && find(key)) throw new DrError('TARGET_EXISTS', 'permanent', `${key} exists already in ${region}.`);
      const versionId = next();
      const version = {
        versionId,
        kind: 'object',
        writtenAt: clock.now(),
        legalHold: false,
        lock,
        etag: sha256(body),
      } as const;
      objects.set(key, [...(objects.get(key) ?? []), { ...version, body: Buffer.from(body) }]);
      return { versionId };
    },
    async get(key, versionId) {
      ready();
      const found = mustFind(key, versionId);
      const { state, class: storageClass } = storageOf(found, clock.now());
      if (state === 'cold' || state === 'thawing') throw archived(key, region, storageClass);
      return Buffer.from(found.body);
    },
    async head(key, versionId) {
      ready();
      const found = find(key, versionId);
      if (!found) return undefined;
      const { body, lock, legalHold } = found;
      return { size: body.length, lock, legalHold, storage: storageOf(found, clock.now()) };
    },
    async *list(prefix) {
      ready();
      for (const key of keysUnder(prefix)) {
        const found = find(key);
        if (found) yield { key, size: found.body.length, etag: found.etag };
      }
    },
    async folders(prefix) {
      ready();
      const names = [...objects.keys()]
        .filter((key) => key.startsWith(prefix) && key.includes('/', prefix.length))
        .map((key) => key.slice(prefix.length, key.indexOf('/', prefix.length)));
      return [...new Set(names)].sort();
    },
    async *listVersions(prefix) {
      ready();
      for (const key of keysUnder(prefix)) {
        const versions = [...(objects.get(key) ?? [])].reverse();
        for (const [index, { versionId, kind, body, writtenAt, etag }] of versions.entries()) {
          yield { key, versionId, kind, size: body.length, current: index === 0, writtenAt, etag };
        }
      }
    },
    async deleteVersion(key, versionId) {
      ready();
      const versions = objects.get(key) ?? [];
      const found = versions.find((version) => version.versionId === versionId);
      if (!found) return { kind: 'deleted' };
      const until = found.lock === 'none' ? undefined : found.lock.until;
      if (found.legalHold || (until && until > clock.now())) {
        return { kind: 'retained', until, legalHold: found.legalHold };
      }
      const left = versions.filter((version) => version !== found);
      if (left.length === 0) objects.delete(key);
      else objects.set(key, left);
      return { kind: 'deleted' };
    },
    async extendLock(key, versionId, lock) {
      ready();
      const found = mustFind(key, versionId);
      if (found.lock !== 'none' && found.lock.until >= lock.until) return found.lock;
      if (lock.until <= clock.now()) throw past(key);
      found.lock = found.lock !== 'none' && found.lock.mode === 'compliance' ? { ...lock, mode: 'compliance' } : lock;
      return found.lock;
    },
    async setLegalHold(key, versionId, hold) {
      ready();
      mustFind(key, versionId).legalHold = hold === 'on';
    },
    async thaw(key, versionId) {
      ready();
      const found = mustFind(key, versionId);
      if (!isInstant(found.storageClass ?? 'STANDARD')) found.thawsAt ??= new Date(clock.now().getTime() + thawMs);
    },
    async wantClass(key, versionId, storageClass) {
      ready();
      mustFind(key, versionId).wantedClass = storageClass;
    },
    async *listUploads(prefix) {
      ready();
      const found = [...uploads.values()].filter(({ key }) => key.startsWith(prefix));
      yield* found.sort((a, b) => byBytes(a.key, b.key));
    },
    async abortUpload(_key, uploadId) {
      ready();
      uploads.delete(uploadId);
    },
    tamper(key, change) {
      for (const version of objects.get(key) ?? []) version.body = change(Buffer.from(version.body));
    },
    erase: (key) => void objects.delete(key),
    hide(key) {
      const nothing = { body: Buffer.alloc(0), lock: 'none', etag: '' } as const;
      const marker = { kind: 'delete-marker', writtenAt: clock.now(), ...nothing } as const;
      objects.set(key, [...(objects.get(key) ?? []), { ...marker, versionId: next(), legalHold: false }]);
    },
    async beginUpload(key) {
      const uploadId = next();
      uploads.set(uploadId, { key, uploadId, startedAt: clock.now() });
      return uploadId;
    },
    applyRules() {
      for (const version of [...objects.values()].flat()) {
        if (version.wantedClass) version.storageClass = version.wantedClass;
      }
    },
    thawTakes: (ms) => {
      thawMs = ms;
    },
    keys: () => [...objects.keys()].sort(byBytes),
    failWith: (error) => {
      failure = error;
    },
  };
}

function storageOf({ storageClass = 'STANDARD', thawsAt }: Version, now: Date): Storage {
  if (isInstant(storageClass)) return { class: storageClass, state: 'instant' };
  return { class: storageClass, state: !thawsAt ? 'cold' : thawsAt <= now ? 'thawed' : 'thawing' };
}

const archived = (key: string, region: Region, storageClass: StorageClass): DrError =>
  new DrError('OBJECT_ARCHIVED', 'permanent', `${key} lies in ${storageClass} in ${region} and must be fetched first.`);

const refused = (message: string, code: string): DrError =>
  new DrError('OBJECT_STORE_REFUSED', 'permanent', message, { data: { code } });

const past = (key: string): DrError => refused(`The lock of ${key} would end in the past.`, 'InvalidRequest');

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
