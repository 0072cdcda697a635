import { join } from 'node:path';
import { COLD_REGION, ELD_REGIONS, type Eld, type EldLeases, type EldRegion, startEld } from '#sandbox/eld';
import { type Place, passwordOf } from '#sandbox/servers';
import type { Aws } from './aws.ts';
import type { Databases } from './databases.ts';
import { keptPorts } from './kept-ports.ts';
import { COLD_SET } from './regions.ts';

/** What drivers resolve. */
export const ELD_NAME = 'api.eld.example';

/** The protected system on the company's servers; a second start goes on at the same addresses. */
export async function startCompanyEld(
  { dir, perSecond }: { readonly dir: string; readonly perSecond: number },
  databases: Databases,
  aws: Aws,
  {
    place,
    leases,
    coldHost,
  }: {
    readonly place?: ((region: string) => Place) | undefined;
    readonly leases?: EldLeases | undefined;
    /** Where the third region's database is founded. */
    readonly coldHost: string;
  },
): Promise<Eld> {
  const cold = { ...COLD_REGION, mongodbUri: coldUri(databases, coldHost) };
  const regions = [...ELD_REGIONS, cold];
  const names = regions.flatMap(({ region }) => [`${region}/api`, `${region}/service`]);
  const port = await keptPorts(join(dir, 'eld-ports.json'), names);
  return startEld({
    mongodbUri: databases.eld.uri('eld'),
    route53: aws.moto.endpoint,
    zoneId: aws.world.zoneId,
    name: ELD_NAME,
    ttlSeconds: 2,
    perSecond,
    drivers: 20,
    regions: regions.map((each) => ({
      ...each,
      apiPort: port(`${each.region}/api`),
      servicePort: port(`${each.region}/service`),
      ...switchOf(aws, each.region),
    })),
    dir: join(dir, 'eld'),
    ...(place === undefined ? {} : { place }),
    ...(leases === undefined ? {} : { leases }),
  });
}

function switchOf(aws: Aws, region: string): Pick<EldRegion, 'switch'> {
  const place = aws.switchOf(region);
  return place === undefined ? {} : { switch: place };
}

/** As the service in the third region is set up beforehand: nothing answers there until a set is founded. */
const coldUri = ({ eld }: Databases, host: string): string =>
  `mongodb://eld:${passwordOf(eld.key.text, 'eld')}@${host}/?replicaSet=${COLD_SET}&authSource=admin`;
