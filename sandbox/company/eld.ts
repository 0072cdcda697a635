import { join } from 'node:path';
import { ELD_REGIONS, type Eld, type EldLeases, type EldRegion, startEld } from '#sandbox/eld';
import type { Place } from '#sandbox/servers';
import type { Aws } from './aws.ts';
import type { Databases } from './databases.ts';
import { keptPorts } from './kept-ports.ts';

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
  }: { readonly place?: ((region: string) => Place) | undefined; readonly leases?: EldLeases | undefined },
): Promise<Eld> {
  const names = ELD_REGIONS.flatMap(({ region }) => [`${region}/api`, `${region}/service`]);
  const port = await keptPorts(join(dir, 'eld-ports.json'), names);
  return startEld({
    mongodbUri: databases.eld.uri('eld'),
    route53: aws.moto.endpoint,
    zoneId: aws.world.zoneId,
    name: ELD_NAME,
    ttlSeconds: 2,
    perSecond,
    drivers: 20,
    regions: ELD_REGIONS.map((each) => ({
      ...each,
      apiPort: port(`${each.region}/api`),
      servicePort: port(`${each.region}/service`),
      ...switchOf(aws, each.region),
    })),
    dir: join(dir, 'eld'),
    ...(place === undefined ? {} : { place }),
    compileCache: join(dir, 'compile-cache'),
    ...(leases === undefined ? {} : { leases }),
  });
}

function switchOf(aws: Aws, region: string): Pick<EldRegion, 'switch'> {
  const place = aws.switchOf(region);
  return place === undefined ? {} : { switch: place };
}
