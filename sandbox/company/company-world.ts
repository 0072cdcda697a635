import { startWorld, type WorldReader } from '#sandbox/world';
import type { Company } from './company.ts';
import { ELD_NAME } from './eld.ts';
import { EU, REGIONS } from './regions.ts';

/** Looks at the company's servers themselves. Stop it before the company. */
export function companyWorld({ databases, aws, eld }: Company): WorldReader {
  return startWorld({
    regions: REGIONS.map((region) => {
      const server = eld.kubernetes.clusters.find((cluster) => cluster.region === region && region !== EU)?.server;
      const vault = { endpoint: aws.gateways[region].endpoint, bucket: aws.world.buckets[region] };
      return server === undefined ? { region, vault } : { region, vault, kubernetes: server };
    }),
    members: databases.eld.members.map(({ name, region }) => ({
      name,
      region,
      uri: databases.eld.memberUri(name, 'root'),
    })),
    kubernetesToken: eld.readerToken,
    dns: { endpoint: aws.moto.endpoint, zoneId: aws.world.zoneId, name: ELD_NAME },
    statsUrl: eld.drivers.statsUrl,
  });
}
