import type { RegionPart } from '#sandbox/world';
import type { Company } from './company.ts';
import { EAST, type SandboxRegion } from './regions.ts';

/** Everything that lives in a region, in the order in which it comes back. Killing is SIGKILL, not a clean end. */
export function regionalParts(company: Company, region: SandboxRegion): RegionPart[] {
  const { databases, aws, redis, eld, roles } = company;
  const members = [...databases.eld.inRegion(region), ...databases.control.inRegion(region)];
  const cluster = eld.kubernetes.clusters.find((each) => each.region === region);
  const holdfast = roles.filter((role) => role.region === region);
  return [
    {
      name: `${members.length} mongods`,
      kill: () => {
        for (const member of members) member.kill('SIGKILL');
      },
      restore: async () => {
        await Promise.all(members.map((member) => member.restart()));
      },
    },
    { name: 'S3 and KMS', kill: () => aws.gateways[region].cut(), restore: () => aws.gateways[region].restore() },
    // The only Redis: queues live in the primary region, and Holdfast must do without.
    ...(region === EAST ? [{ name: 'Redis', kill: () => redis.kill('SIGKILL'), restore: () => redis.restart() }] : []),
    ...(cluster === undefined
      ? []
      : [{ name: 'ELD service', kill: () => cluster.powerOff(), restore: () => cluster.powerOn() }]),
    {
      name: 'Holdfast',
      kill: async () => {
        await Promise.all(holdfast.map((role) => role.stop(0)));
      },
      restore: async () => {
        await Promise.all(holdfast.map((role) => role.start()));
      },
    },
  ];
}
