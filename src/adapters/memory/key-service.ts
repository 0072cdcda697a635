import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalJson, DrError, type Region } from '#core';
import type { KeyService } from '#ports';

export interface MemoryKeyService extends KeyService {
  /** While set, every call throws this. */
  failWith(error: DrError | undefined): void;
}

/** A key service in memory: it refuses another context and another service's wraps, as the real one does. */
export function memoryKeyService(region: Region): MemoryKeyService {
  const key = randomBytes(32);
  let failure: DrError | undefined;
  const ready = (): void => {
    if (failure) throw failure;
  };
  return {
    region,
    keyName: `memory:${region}`,
    failWith: (error) => {
      failure = error;
    },
    async wrap(dataKey, context) {
      ready();
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(canonicalJson(context)));
      return Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
    },
    async unwrap(wrapped, context) {
      ready();
      const bytes = Buffer.from(wrapped);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAAD(Buffer.from(canonicalJson(context))).setAuthTag(bytes.subarray(-16));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
      } catch (cause) {
        throw new DrError('KEY_REFUSED', 'permanent', `KMS in ${region} refused (InvalidCiphertextException).`, {
          cause,
        });
      }
    },
  };
}
