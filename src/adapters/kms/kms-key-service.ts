import { DecryptCommand, EncryptCommand, KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { sdkErrorFacts } from '#adapters/aws';
import { asDrError, DrError, type Region } from '#core';
import type { KeyContext, KeyService } from '#ports';

export interface KmsOptions {
  readonly region: Region;
  /** ARN, id or alias of the region's key. */
  readonly keyId: string;
  /** Keys that were in its place before: they open what they wrapped, and wrap nothing any more. */
  readonly earlierKeyIds?: readonly string[];
  readonly endpoint?: string;
  readonly credentials?: KMSClientConfig['credentials'];
}

/** A region's KMS key. Encrypt and Decrypt only: the data key is made here, so that every region wraps the same one. */
export function kmsKeyService(options: KmsOptions): KeyService & { close(): void } {
  const { region, keyId } = options;
  const client = new KMSClient({
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
    ...(options.credentials ? { credentials: options.credentials } : {}),
  });
  const attempt = async <T>(action: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw translate(error, region, action);
    }
  };
  const unwrapWith = (KeyId: string, wrapped: Uint8Array, context: KeyContext): Promise<Buffer> =>
    attempt('kms:Decrypt', async () => {
      const input = { KeyId, CiphertextBlob: wrapped, EncryptionContext: { ...context } };
      const plain = (await client.send(new DecryptCommand(input))).Plaintext ?? new Uint8Array();
      // The same memory, not a copy: whoever forgets the key overwrites all there is of it.
      return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
    });
  return {
    region,
    keyName: keyId,
    close: () => client.destroy(),
    wrap: (dataKey, context) =>
      attempt('kms:Encrypt', async () => {
        const input = { KeyId: keyId, Plaintext: dataKey, EncryptionContext: { ...context } };
        const answer = await client.send(new EncryptCommand(input));
        return { wrapped: Buffer.from(answer.CiphertextBlob ?? []), keyName: answer.KeyId ?? keyId };
      }),
    // Each key is named, though KMS could tell it from the wrap: whoever may write into a bucket could otherwise have a
    // wrap opened that a key of their own made.
    unwrap: async (wrapped, context) => {
      const ids = [keyId, ...(options.earlierKeyIds ?? [])];
      const refusals: DrError[] = [];
      for (const id of ids) {
        try {
          return await unwrapWith(id, wrapped, context);
        } catch (thrown) {
          const error = asDrError(thrown);
          if (error.kind === 'transient') throw error;
          refusals.push(error);
        }
      }
      throw refusals[0];
    },
  };
}

/** Answers that no retry changes are refusals; silence, throttling and the service's own faults are not. */
function translate(thrown: unknown, region: string, action: string): DrError {
  const { name, status } = sdkErrorFacts(thrown);
  const refused = status !== undefined && status >= 400 && status < 500 && name !== 'ThrottlingException';
  const more = { cause: thrown, data: { region, code: name, action } };
  return refused
    ? new DrError('KEY_REFUSED', 'permanent', `KMS in ${region} refused (${name}, ${action}).`, {
        ...more,
        hint: 'Check the key policy and that the key is enabled. Was it replaced by another one? Then name the one before in plan.yaml: mongodb.keys.earlier_aliases',
      })
    : new DrError('SERVICE_UNAVAILABLE', 'transient', `KMS in ${region} does not answer (${name}).`, more);
}
