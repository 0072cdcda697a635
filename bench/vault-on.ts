import { kmsKeyService } from '#adapters/kms';
import { s3ObjectStore } from '#adapters/s3';
import { Region, systemClock, systemRandom } from '#core';
import { type AwsWorld, SANDBOX_CREDENTIALS, VAULT_REGIONS } from '#sandbox/servers';
import { openVault, type Vault } from '#vault';

/** Plain data, so that another process can be told. */
export interface VaultPlace {
  readonly endpoint: string;
  readonly world: Pick<AwsWorld, 'buckets' | 'kmsKeys'>;
}

/** The vault that processes of one bench share: three regions' buckets and keys on the stand-in. */
export function vaultOn({ endpoint, world }: VaultPlace): Vault {
  const at = (name: (typeof VAULT_REGIONS)[number]) => ({
    region: Region.parse(name),
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
  });
  return openVault({
    stores: VAULT_REGIONS.map((name) => s3ObjectStore({ ...at(name), bucket: world.buckets[name] })),
    keys: VAULT_REGIONS.map((name) => kmsKeyService({ ...at(name), keyId: world.kmsKeys[name] })),
    clock: systemClock,
    random: systemRandom,
  });
}
