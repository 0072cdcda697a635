import type { Company, SandboxRegion } from '#sandbox/company';

/** Kills everything that runs in a region, with SIGKILL, as a loss of power would. */
export async function loseRegion(company: Company, region: SandboxRegion): Promise<void> {
  const { databases, roles, aws, eld, redis } = company;
  for (const member of [...databases.eld.inRegion(region), ...databases.control.inRegion(region)]) {
    member.kill('SIGKILL');
  }
  redis.kill('SIGKILL');
  await Promise.all([
    ...roles.filter((role) => role.region === region).map((role) => role.stop(0)),
    aws.gateways[region].cut(),
    eld.kubernetes.cluster(region).powerOff(),
  ]);
}

/** Starts it all again on the same data and ports; resolves when the processes run, not yet when they are fit. */
export async function returnRegion(company: Company, region: SandboxRegion): Promise<void> {
  const { databases, roles, aws, eld, redis } = company;
  const members = [...databases.eld.inRegion(region), ...databases.control.inRegion(region)];
  await Promise.all([
    ...members.map((member) => member.restart()),
    redis.restart(),
    aws.gateways[region].restore(),
    eld.kubernetes.cluster(region).powerOn(),
  ]);
  await Promise.all(roles.filter((role) => role.region === region).map((role) => role.start()));
}
