import { kmsKeyService } from '#adapters/kms';
import { Region } from '#core';
import { createAwsWorld, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { keyServiceContract } from '../../contract/key-service.contract.ts';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

keyServiceContract(async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('keys'), zone: 'keys.example' });
  const open = (name: 'us-east-1' | 'us-west-2') =>
    kmsKeyService({
      region: Region.parse(name),
      keyId: world.kmsKeys[name],
      endpoint,
      credentials: SANDBOX_CREDENTIALS,
    });
  return [open('us-east-1'), open('us-west-2')] as const;
});
