import type { MemberAgent } from '#sandbox/member-agent';
import type { Gateway } from '#sandbox/servers';
import type { RegionPart } from '#sandbox/world';
import type { Company } from './company.ts';
import { EAST, type SandboxRegion } from './regions.ts';

/** What the parts are made of: a company, or as much of one as a test has. */
export type RegionalCompany = Pick<Company, 'databases' | 'aws' | 'redis' | 'eld' | 'roles'> &
  Partial<Pick<Company, 'agents'>>;

/** Everything that lives in a region, in the order in which it comes back. Killing is SIGKILL, not a clean end. */
export function regionalParts(company: RegionalCompany, region: SandboxRegion): RegionPart[] {
  const { databases, aws, redis, eld, roles, agents } = company;
  const members = databases.eld.inRegion(region);
  const control = databases.control.inRegion(region);
  const agent = agents?.of(region);
  const cluster = eld.kubernetes.clusters.find((each) => each.region === region);
  const holdfast = roles.filter((role) => role.region === region);
  return [
    { name: `${members.length + control.length} mongods`, ...both(underAgent(members, agent), processes(control)) },
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

type Server = { kill(signal: NodeJS.Signals): void; restart(): Promise<void> };

const processes = (all: readonly Server[]): Omit<RegionPart, 'name'> => ({
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

/** Database machines have an agent, which starts what it does not hold; without one they start as they are. */
function underAgent(members: readonly Server[], agent: MemberAgent | undefined): Omit<RegionPart, 'name'> {
  const all = processes(members);
  if (agent === undefined) return all;
  return {
    kill: async () => {
      await all.kill();
      await agent.powerOff();
    },
    freeze: async () => {
      await all.freeze();
      agent.freeze();
    },
    restore: async () => {
      for (const member of members) member.kill('SIGCONT');
      await agent.powerOn();
    },
  };
}

const both = (one: Omit<RegionPart, 'name'>, other: Omit<RegionPart, 'name'>): Omit<RegionPart, 'name'> => ({
  kill: async () => void (await Promise.all([one.kill(), other.kill()])),
  freeze: async () => void (await Promise.all([one.freeze(), other.freeze()])),
  restore: async () => void (await Promise.all([one.restore(), other.restore()])),
});

const door = (gateway: Gateway): Omit<RegionPart, 'name'> => ({
  kill: () => gateway.cut(),
  freeze: () => gateway.pause(),
  restore: () => gateway.restore(),
});
