import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { coldMongod, type MemberAgent, managedMongod, startMemberAgent } from '#sandbox/member-agent';
import type { Place, ReplicaSet } from '#sandbox/servers';
import { keptPorts } from './kept-ports.ts';
import { COLD_SET, EAST, EU, WEST } from './regions.ts';
import type { RoleSpec } from './roles.ts';

/** The agents on the machines of the protected database, one a region that has some. */
export interface MemberAgents {
  /** Of the machine in the third region, on which nothing runs before it is asked for. */
  readonly coldHost: string;
  /** Undefined where no member is. */
  of(region: string): MemberAgent | undefined;
  /** Where they listen. */
  readonly listens: readonly { readonly region: string; readonly port: number }[];
  /** For everyone: where they are, and the secret for questions. */
  readonly env: Readonly<Record<string, string>>;
  /** Besides, for who carries runs: the secret for orders. */
  readonly envOf: (process: Pick<RoleSpec, 'role'>) => Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts them over servers that run; a second start goes on at the same addresses. */
export async function startMemberAgents(
  dir: string,
  set: ReplicaSet,
  place?: (region: string) => Place,
): Promise<MemberAgents> {
  const newSecret = () => randomBytes(24).toString('base64url');
  const secrets = { orders: newSecret(), questions: newSecret() };
  const regions = [EAST, WEST, EU];
  const port = await keptPorts(join(dir, 'agent-ports.json'), regions);
  const coldPort = await keptPorts(join(dir, 'cold-ports.json'), ['cold-1']);
  const cold = coldMongod({
    ...{
      region: EU,
      set: COLD_SET,
      port: coldPort('cold-1'),
      dir: join(dir, 'cold'),
      key: set.key,
      databases: ['eld'],
    },
    ...(place === undefined ? {} : { place: place(EU) }),
  });
  const started = await Promise.all(
    regions.map(async (region) => {
      const members = set.inRegion(region).map((member) => managedMongod(set, member, place?.(region)));
      const servers = region === EU ? [cold] : members;
      const folder = join(dir, 'agents', region);
      return { region, agent: await startMemberAgent({ servers, folder, secrets, port: port(region) }) };
    }),
  );
  return {
    coldHost: cold.host,
    of: (region) => started.find((each) => each.region === region)?.agent,
    listens: regions.map((region) => ({ region, port: port(region) })),
    env: {
      HOLDFAST_MEMBER_AGENTS: started.map(({ agent }) => agent.list).join(','),
      HOLDFAST_MEMBER_AGENT_READ_SECRET: secrets.questions,
    },
    envOf: ({ role }) => (role === 'worker' || role === 'all' ? { HOLDFAST_MEMBER_AGENT_SECRET: secrets.orders } : {}),
    stop: async () => {
      await Promise.all(started.map(({ agent }) => agent.stop()));
      if (cold.running()) await cold.stop();
    },
  };
}
