import { describe } from 'vitest';
import { memoryKeyService, memoryObjectStore } from '#adapters/memory';
import { Region } from '#core';
import { keyServiceContract } from '../../contract/key-service.contract.ts';
import { objectStorageContract, type StorageBench } from '../../contract/object-storage.contract.ts';
import { objectStoreContract } from '../../contract/object-store.contract.ts';
import { objectVersionsContract } from '../../contract/object-versions.contract.ts';

const [east, west] = [Region.parse('us-east-1'), Region.parse('us-west-2')];

describe('object store in memory', () => objectStoreContract(async () => memoryObjectStore(east)));
describe('versions in memory', () =>
  objectVersionsContract(async () => {
    const store = memoryObjectStore(east);
    return { store, hide: async (key) => store.hide(key), beginUpload: store.beginUpload };
  }));
describe('colder storage in memory', () =>
  objectStorageContract(async () => {
    const store = memoryObjectStore(east);
    const putInto: StorageBench['putInto'] = async (key, body, storageClass) => {
      const { versionId } = await store.put(key, body, { lock: 'none', ifAbsent: false });
      await store.wantClass(key, versionId, storageClass);
      store.applyRules();
      return versionId;
    };
    return { store, putInto };
  }));
describe('key service in memory', () =>
  keyServiceContract(
    async () => [memoryKeyService(east), memoryKeyService(west)] as const,
    async (before, wrap) => {
      const service = memoryKeyService(east);
      const old = await wrap(service);
      service.replaceKey(before);
      return { old, service };
    },
  ));
