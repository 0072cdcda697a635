import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Eld, seedEld } from '#sandbox/eld';
import { type Network, startNetwork } from '#sandbox/network';
import { COMPILE_CACHE, type RedisServer, startRedis } from '#sandbox/servers';
import { rosterPeople, type SlackWorkspace, startSlackWorkspace } from '#sandbox/slack';
import type { Supervised } from '../supervise.ts';
import { aboutDocuments, aboutPrimary } from './about.ts';
import { approvalKeys } from './approval-keys.ts';
import { type Aws, startAws } from './aws.ts';
import { type Databases, startDatabases } from './databases.ts';
import { startCompanyEld } from './eld.ts';
import { companyLeases } from './leases.ts';
import { type MemberAgents, startMemberAgents } from './member-agents.ts';
import { openForDrivers } from './open-for-drivers.ts';
import { type Reach, startReach } from './reach.ts';
import { EAST, EU, REGIONS } from './regions.ts';
import { holdfastRoles, ROLES, type RoleSpec } from './roles.ts';
import { type PlanChange, writeSandboxPlan } from './sandbox-plan.ts';
import { serveEld, serveOutside } from './served-ports.ts';
import { createStops, type StopPhase } from './stops.ts';

export interface CompanyOptions {
  /** Everything is kept in here: a second start goes on with it. */
  readonly dir: string;
  /** Writes a second that the drivers make. */
  readonly perSecond: number;
  /** Which of Holdfast's processes run where. Default: everything in both regions. */
  readonly roles?: readonly RoleSpec[];
  /** Each region in a network of its own, so that it can be cut off: where `canSeparate` says so. */
  readonly separate?: boolean;
  /** What else differs from the plan at the root. */
  readonly plan?: readonly PlanChange[];
  /** Told as each part is up, with what is worth telling a person about it. */
  readonly onReady: (part: CompanyPart, about: string) => void;
  /** Slack's own limits make tests slow; the sandbox has them on. */
  readonly slack?: Partial<Parameters<typeof startSlackWorkspace>[0]>;
}

export type CompanyPart = 'databases' | 'eld' | 'holdfast';

/** A whole company on this machine: what is protected, what protects it, and the people who talk about it. */
export interface Company {
  readonly dir: string;
  readonly databases: Databases;
  /** On the machines of the protected database. */
  readonly agents: MemberAgents;
  readonly aws: Aws;
  readonly redis: RedisServer;
  readonly slack: SlackWorkspace;
  readonly reach: Reach;
  readonly eld: Eld;
  readonly roles: readonly Supervised[];
  /** The lines between regions; undefined unless it was started separate. */
  readonly network: Network | undefined;
  /** The environment of Holdfast's processes; a terminal takes it too. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts everything, side by side where nothing waits for the other. Throws what did not start; then nothing is left.
 */
export async function startCompany(options: CompanyOptions): Promise<Company> {
  const { dir } = options;
  mkdirSync(dir, { recursive: true });
  const stoppable = createStops();
  const keep = <T extends { stop(): Promise<void> }>(phase: StopPhase, thing: T): T => {
    stoppable.add(phase, () => thing.stop());
    return thing;
  };
  const told = async <T>(part: CompanyPart, about: (thing: T) => Promise<string> | string, thing: T): Promise<T> => {
    options.onReady(part, await about(thing));
    return thing;
  };
  let network: Network | undefined;
  const stop = async (): Promise<void> => {
    await stoppable.stop();
    await network?.stop();
  };
  try {
    network = options.separate ? await startNetwork(REGIONS) : undefined;
    const place = network && ((region: string) => (network as Network).place(region));
    const [databases, aws, redis, slack, reach] = await allStarted([
      startDatabases(dir, place)
        .then((thing) => keep('servers', thing))
        .then((thing) => told('databases', aboutPrimary, thing)),
      // Among the first to end: it needs its time to write what it holds.
      startAws('eld.example', join(dir, 'aws')).then((thing) => keep('ours', thing)),
      startRedis(place ? { place: place(EAST) } : {}).then((thing) => keep('servers', thing)),
      startSlackWorkspace({ people: [...rosterPeople], folder: join(dir, 'slack'), ...options.slack }).then((thing) =>
        keep('servers', thing),
      ),
      startReach(dir).then((thing) => keep('servers', thing)),
    ]);
    if (network) await serveOutside(network, { aws, slack, reach });
    await seedEld({ uri: databases.eld.uri('root'), now: Date.now() });
    const agents = keep('ours', await startMemberAgents(dir, databases.eld, place));
    if (network) for (const { region, port } of agents.listens) await network.serve(port, region);
    const specs = options.roles ?? ROLES;
    const leases = await companyLeases(dir, specs);
    const eld = keep(
      'ours',
      await startCompanyEld(options, databases, aws, { place, leases: leases.eld, coldHost: agents.coldHost }),
    );
    if (network) await serveEld(network, eld, leases.listens);
    await told('eld', aboutDocuments, databases);
    const env = holdfastEnv(options, { databases, aws, redis, slack, reach, eld, agents });
    const envOf = (spec: RoleSpec) => ({ ...reach.envOf(spec), ...leases.envOf(spec), ...agents.envOf(spec) });
    const roles = holdfastRoles(specs, env, dir, envOf, place);
    stoppable.add('ours', async () => {
      await Promise.all(roles.map((role) => role.stop()));
    });
    await Promise.all(roles.map((role) => role.start()));
    await slack.waitFor(() => noneRefuses(roles) && slack.connections > 0, 180_000, 'the bot connects to Slack');
    if (leases.eld !== undefined) await openForDrivers(eld);
    options.onReady('holdfast', 'ready');
    return { dir, databases, agents, aws, redis, slack, reach, eld, roles, network, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The environment of Holdfast's processes: addresses and secrets, nothing that says where it is. */
const holdfastEnv = (
  { dir, plan = [] }: CompanyOptions,
  {
    databases,
    aws,
    redis,
    slack,
    reach,
    eld,
    agents,
  }: Pick<Company, 'databases' | 'aws' | 'redis' | 'slack' | 'reach' | 'eld' | 'agents'>,
): Readonly<Record<string, string>> => ({
  ...databases.env,
  ...aws.env,
  ...agents.env,
  ...approvalKeys(dir),
  ...COMPILE_CACHE,
  REDIS_URL: redis.url,
  KUBECONFIG: eld.kubeconfig,
  SLACK_API_URL: slack.apiUrl,
  SLACK_BOT_TOKEN: slack.tokens.bot,
  SLACK_APP_TOKEN: slack.tokens.app,
  SLACK_SIGNING_SECRET: slack.tokens.signingSecret,
  ...reach.env,
  HOLDFAST_PLAN: writeSandboxPlan(dir, [[['regions', EU, 'database_host'], agents.coldHost], ...plan]),
  HOLDFAST_TRUST_AS: 'true',
  HOLDFAST_ACKNOWLEDGED_WRITES_URL: eld.drivers.acknowledgedWritesUrl,
  HOLDFAST_STATS_URL: eld.drivers.statsUrl,
  HOLDFAST_HEALTH_URLS: eld.kubernetes.clusters
    .map(({ region, serviceUrl }) => `${region}=${serviceUrl}/health`)
    .join(','),
});

/** A process that refuses its environment says so with exit code 2 and will not start however often it is tried. */
function noneRefuses(roles: readonly Supervised[]): true {
  const refusing = roles.find((role) => role.lastExit()?.code === 2);
  if (refusing !== undefined) throw new Error(`${refusing.name} refuses to start. Why: ${refusing.logFile}`);
  return true;
}

/** As Promise.all, but waits for all of them before it throws: what started late must be stopped too. */
async function allStarted<T extends readonly unknown[] | []>(starting: T) {
  await Promise.allSettled(starting);
  return await Promise.all(starting);
}
