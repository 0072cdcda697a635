import { DrError, type Region } from '#core';
import type { ObjectLock, ObjectStore } from '#ports';

interface Version {
  readonly versionId: string;
  body: Buffer;
  readonly lock: ObjectLock | 'none';
}

/** A versioned bucket in memory, with the hands a test needs to damage it or cut it off. */
export interface MemoryObjectStore extends ObjectStore {
  /** Changes a version's bytes behind everybody's back, as a failing disk would. */
  tamper(key: string, change: (body: Buffer) => Buffer): void;
  /** Removes all versions of a key, as an administrator could with a governance lock. */
  erase(key: string): void;
  keys(): string[];
  /** While set, every call throws this. */
  failWith(error: DrError | undefined): void;
}

/** An ObjectStore in memory. Nothing of it survives the process. */
export function memoryObjectStore(region: Region): MemoryObjectStore {
  const objects = new Map<string, Version[]>();
  let failure: DrError | undefined;
  let counter = 0;
  const ready = (): void => {
    if (failure) throw failure;
  };
  const find = (key: string, versionId?: string): Version | undefined => {
    const versions = objects.get(key);
    return versionId ? versions?.find((version) => version.versionId === versionId) : versions?.at(-1);
  };
  return {
    region,
    async put(key, body, { lock, ifAbsent }) {
      ready();
      const versions = objects.get(key) ?? [];
      if (ifAbsent && versions.length > 0) {
        throw new DrError('TARGET_EXISTS', 'permanent', `${key} exists already in ${region}.`);
      }
      counter += 1;
      const versionId = `v${counter}`;
      objects.set(key, [...versions, { versionId, body: Buffer.from(body), lock }]);
      return { versionId };
    },
    async get(key, versionId) {
      ready();
      const found = find(key, versionId);
      if (!found) throw new DrError('NOT_FOUND', 'permanent', `${key} is not in ${region}.`);
      return Buffer.from(found.body);
    },
    async head(key, versionId) {
      ready();
      const found = find(key, versionId);
      return found ? { size: found.body.length, lock: found.lock } : undefined;
    },
    async *list(prefix) {
      ready();
      for (const key of [...objects.keys()].filter((name) => name.startsWith(prefix)).sort()) {
        yield { key, size: find(key)?.body.length ?? 0 };
      }
    },
    tamper(key, change) {
      for (const version of objects.get(key) ?? []) version.body = change(Buffer.from(version.body));
    },
    erase: (key) => void objects.delete(key),
    keys: () => [...objects.keys()].sort(),
    failWith: (error) => {
      failure = error;
    },
  };
}
