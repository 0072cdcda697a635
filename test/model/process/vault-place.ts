import { kmsKeyService } from '#adapters/kms';
import { s3ObjectStore } from '#adapters/s3';
import { Region, systemClock, systemRandom } from '#core';
import { type AwsWorld, SANDBOX_CREDENTIALS, VAULT_REGIONS, type VaultRegion } from '#sandbox/servers';
import { openVault, type Vault } from '#vault';

/** Plain data, so that another process can be told. Each region is reached through a door of its own. */
export interface VaultPlace {
  readonly endpoints: Readonly<Record<VaultRegion, string>>;
  readonly world: Pick<AwsWorld, 'buckets' | 'kmsKeys'>;
}

/** The vault that all processes of a model run share. */
export function vaultAt({ endpoints, world }: VaultPlace): Vault {
  const at = (name: VaultRegion) => ({
    region: Region.parse(name),
    endpoint: endpoints[name],
    credentials: SANDBOX_CREDENTIALS,
  });
  return openVault({
    stores: VAULT_REGIONS.map((name) => s3ObjectStore({ ...at(name), bucket: world.buckets[name] })),
    keys: VAULT_REGIONS.map((name) => kmsKeyService({ ...at(name), keyId: world.kmsKeys[name] })),
    clock: systemClock,
    random: systemRandom,
  });
}
