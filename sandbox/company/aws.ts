import type { RegionRecord } from '#sandbox/eld';
import {
  type AwsWorld,
  createAwsWorld,
  createSwitchBucket,
  type Gateway,
  type Moto,
  SANDBOX_CREDENTIALS,
  startGateway,
  startMoto,
} from '#sandbox/servers';
import { EAST, EU, endpointVariable, REGIONS, type SandboxRegion, WEST } from './regions.ts';

/** Buckets are `eld-vault-<region>`, as in plan.yaml; each region's key has the alias `alias/eld-vault`. */
export const VAULT_NAME = 'eld-vault';

/** In whose bucket the object lies that turns drivers away from a region, as in plan.yaml. */
const SWITCHES = { [EAST]: WEST, [WEST]: EU } as const;

/** S3, KMS and Route 53: one stand-in, reached through a door a region, and one door of its own for Route 53. */
export interface Aws {
  readonly moto: Moto;
  readonly world: AwsWorld;
  readonly gateways: Readonly<Record<SandboxRegion, Gateway>>;
  readonly dns: Gateway;
  /** For the records of the regions that serve, through the door of the region it lies in. */
  readonly switchOf: (region: string) => RegionRecord['switch'];
  /** For processes of ours: addresses and the stand-in's credentials. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts it; with a `dir`, what it held at its last end is there again. */
export async function startAws(zone: string, dir: string | undefined): Promise<Aws> {
  const moto = await startMoto(dir === undefined ? {} : { dir });
  const doors = await Promise.all([...REGIONS, 'dns'].map(() => startGateway({ targetPort: moto.port })));
  const [east, west, eu, dns] = doors;
  if (!east || !west || !eu || !dns) throw new Error('A door to the stand-in is missing.');
  const gateways = { [EAST]: east, [WEST]: west, [EU]: eu };
  const endpoint = { [EAST]: east.endpoint, [WEST]: west.endpoint, [EU]: eu.endpoint };
  const world = await createAwsWorld({ endpoint, prefix: VAULT_NAME, zone });
  const switches = Object.entries(SWITCHES).map(([from, region]) => {
    const bucket = `eld-switch-${region}`;
    return { from, place: { region, bucket, endpoint: gateways[region].endpoint } };
  });
  await Promise.all(
    switches.map(({ place: { bucket, region, endpoint: door } }) => createSwitchBucket(bucket, region, door)),
  );
  return {
    switchOf: (region) => switches.find(({ from }) => from === region)?.place,
    moto,
    world,
    gateways,
    dns,
    env: {
      AWS_ACCESS_KEY_ID: SANDBOX_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: SANDBOX_CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL: dns.endpoint,
      ...Object.fromEntries(REGIONS.map((region) => [endpointVariable(region), gateways[region].endpoint])),
    },
    stop: async () => {
      await Promise.all(doors.map((door) => door.stop()));
      await moto.stop();
    },
  };
}
