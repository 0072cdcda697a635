import { DecryptCommand, EncryptCommand, KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { DrError, type Region } from '#core';
import type { KeyService } from '#ports';

export interface KmsOptions {
  readonly region: Region;
  /** ARN, id or alias of the region's key. */
  readonly keyId: string;
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
  const attempt = async (action: string, call: () => Promise<Uint8Array | undefined>): Promise<Buffer> => {
    try {
      return Buffer.from((await call()) ?? []);
    } catch (error) {
      throw translate(error, region, action);
    }
  };
  return {
    region,
    keyName: keyId,
    close: () => client.destroy(),
    wrap: (dataKey, context) =>
      attempt('kms:Encrypt', async () => {
        const input = { KeyId: keyId, Plaintext: dataKey, EncryptionContext: { ...context } };
        return (await client.send(new EncryptCommand(input))).CiphertextBlob;
      }),
    unwrap: (wrapped, context) =>
      attempt('kms:Decrypt', async () => {
        const input = { KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: { ...context } };
        return (await client.send(new DecryptCommand(input))).Plaintext;
      }),
  };
}

/** Answers that no retry changes are refusals; silence, throttling and the service's own faults are not. */
function translate(thrown: unknown, region: string, action: string): DrError {
  const name = thrown instanceof Error ? thrown.name : String(thrown);
  const metadata = thrown instanceof Error && '$metadata' in thrown ? thrown.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  const refused = typeof status === 'number' && status >= 400 && status < 500 && name !== 'ThrottlingException';
  const more = { cause: thrown, data: { region, code: name, action } };
  return refused
    ? new DrError('KEY_REFUSED', 'permanent', `KMS in ${region} refused (${name}, ${action}).`, {
        ...more,
        hint: 'Check the key policy and that the key is enabled.',
      })
    : new DrError('SERVICE_UNAVAILABLE', 'transient', `KMS in ${region} does not answer (${name}).`, more);
}
