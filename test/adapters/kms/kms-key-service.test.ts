import { CreateAliasCommand, CreateKeyCommand, KMSClient, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { kmsKeyService } from '#adapters/kms';
import { Region } from '#core';
import { createAwsWorld, freePort, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { keyServiceContract } from '../../contract/key-service.contract.ts';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const opened = async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('keys'), zone: 'keys.example' });
  const open = (name: 'us-east-1' | 'us-west-2', keyId: string, earlierKeyIds: string[] = []) =>
    kmsKeyService({
      region: Region.parse(name),
      keyId,
      earlierKeyIds,
      endpoint,
      credentials: SANDBOX_CREDENTIALS,
    });
  return { world, open, endpoint };
};

keyServiceContract(
  async () => {
    const { world, open } = await opened();
    return [open('us-east-1', world.kmsKeys['us-east-1']), open('us-west-2', world.kmsKeys['us-west-2'])] as const;
  },
  async (before, wrap) => {
    const { world, open, endpoint } = await opened();
    const kms = new KMSClient({ region: 'us-east-1', endpoint, credentials: SANDBOX_CREDENTIALS });
    const current = `alias/${ownName('current')}`;
    const earlier = `${current}-before`;
    for (const AliasName of [current, earlier]) {
      await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: world.kmsKeys['us-east-1'] }));
    }
    const old = await wrap(open('us-east-1', current));
    const TargetKeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
    await kms.send(new UpdateAliasCommand({ AliasName: current, TargetKeyId }));
    kms.destroy();
    return { old, service: open('us-east-1', current, before === 'forgotten' ? [] : [earlier]) };
  },
);

test('where nobody listens it says what the network said', async () => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const dead = kmsKeyService({
    region: Region.parse('us-east-1'),
    keyId: 'alias/nobody',
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
  });
  await expect(dead.wrap(Buffer.alloc(32), { key: 'a' })).rejects.toMatchObject({
    kind: 'transient',
    message: 'KMS in us-east-1 does not answer (ECONNREFUSED).',
  });
});
