import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalJson, DrError, type Region } from '#core';
import type { KeyContext, KeyService } from '#ports';

interface Key {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface MemoryKeyService extends KeyService {
  /** While set, every call throws this. */
  failWith(error: DrError | undefined): void;
  /** Another key takes the place of the current one, which goes on opening what it wrapped only when it is named. */
  replaceKey(before: 'named as an earlier one' | 'forgotten'): void;
}

/** A key service in memory: it refuses another context and another service's wraps, as the real one does. */
export function memoryKeyService(region: Region): MemoryKeyService {
  let made = 0;
  const newKey = (): Key => {
    made += 1;
    return { name: `memory:${region}:${made}`, bytes: randomBytes(32) };
  };
  let current = newKey();
  let earlier: Key[] = [];
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
    replaceKey: (before) => {
      earlier = before === 'forgotten' ? [] : [...earlier, current];
      current = newKey();
    },
    async wrap(dataKey, context) {
      ready();
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(Buffer.from(canonicalJson(context)));
      const wrapped = Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
      return { wrapped, keyName: current.name };
    },
    async unwrap(wrapped, context) {
      ready();
      for (const key of [current, ...earlier]) {
        const plain = opened(key, Buffer.from(wrapped), context);
        if (plain) return plain;
      }
      throw new DrError('KEY_REFUSED', 'permanent', `KMS in ${region} refused (InvalidCiphertextException).`, {
        data: { region, code: 'InvalidCiphertextException' },
      });
    },
  };
}

function opened({ bytes: key }: Key, wrapped: Buffer, context: KeyContext): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, 12));
  decipher.setAAD(Buffer.from(canonicalJson(context))).setAuthTag(wrapped.subarray(-16));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}
