import type { Gateway } from '#sandbox/servers';
import type { RegionPart } from '#sandbox/world';
import type { Company } from './company.ts';
import { EAST, type SandboxRegion } from './regions.ts';

/** What the parts are made of: a company, or as much of one as a test has. */
export type RegionalCompany = Pick<Company, 'databases' | 'aws' | 'redis' | 'eld' | 'roles'>;

/** Everything that lives in a region, in the order in which it comes back. Killing is SIGKILL, not a clean end. */
export function regionalParts(company: RegionalCompany, region: SandboxRegion): RegionPart[] {
  const { databases, aws, redis, eld, roles } = company;
  const members = [...databases.eld.inRegion(region), ...databases.control.inRegion(region)];
  const cluster = eld.kubernetes.clusters.find((each) => each.region === region);
  const holdfast = roles.filter((role) => role.region === region);
  return [
    { name: `${members.length} mongods`, ...processes(members) },
    { name: 'S3 and KMS', ...door(aws.gateways[region]) },
    // Its control API is there and nowhere else. Name servers and health checkers, which are everywhere, go on without it.
    ...(region === EAST ? [{ name: 'Route 53 API', ...door(aws.dns) }] : []),
    // The only Redis: queues live in the primary region, and Holdfast must do without.
    ...(region === EAST ? [{ name: 'Redis', ...processes([redis]) }] : []),
    ...(cluster === undefined
      ? []
      : [
          {
            name: 'Kubernetes and the ELD service',
            kill: () => cluster.powerOff(),
            freeze: () => cluster.freeze(),
            restore: () => cluster.powerOn(),
          },
        ]),
    {
      name: 'Holdfast',
      kill: async () => {
        await Promise.all(holdfast.map((role) => role.stop(0)));
      },
      freeze: () => {
        for (const role of holdfast) role.kill('SIGSTOP');
      },
      restore: async () => {
        for (const role of holdfast) role.kill('SIGCONT');
        await Promise.all(holdfast.map((role) => role.start()));
      },
    },
  ];
}

const processes = (
  all: readonly { kill(signal: NodeJS.Signals): void; restart(): Promise<void> }[],
): Omit<RegionPart, 'name'> => ({
  kill: () => {
    for (const each of all) each.kill('SIGKILL');
  },
  freeze: () => {
    for (const each of all) each.kill('SIGSTOP');
  },
  restore: async () => {
    for (const each of all) each.kill('SIGCONT');
    await Promise.all(all.map((each) => each.restart()));
  },
});

const door = (gateway: Gateway): Omit<RegionPart, 'name'> => ({
  kill: () => gateway.cut(),
  freeze: () => gateway.pause(),
  restore: () => gateway.restore(),
});
