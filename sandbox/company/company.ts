import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ELD_REGIONS, type Eld, seedEld, startEld } from '#sandbox/eld';
import { type RedisServer, startRedis } from '#sandbox/servers';
import { rosterPeople, type SlackWorkspace, startSlackWorkspace } from '#sandbox/slack';
import type { Supervised } from '../supervise.ts';
import { approvalKeys } from './approval-keys.ts';
import { type Aws, startAws } from './aws.ts';
import { type Databases, startDatabases } from './databases.ts';
import { holdfastRoles, ROLES, type RoleSpec } from './roles.ts';
import { writeSandboxPlan } from './sandbox-plan.ts';

export interface CompanyOptions {
  /** Everything is kept in here: a second start goes on with it. */
  readonly dir: string;
  /** Writes a second that the drivers make. */
  readonly perSecond: number;
  /** Which of Holdfast's processes run where. Default: everything in both regions. */
  readonly roles?: readonly RoleSpec[];
  /** Told as each part is up. */
  readonly onReady: (part: CompanyPart) => void;
  /** Slack's own limits make tests slow; the sandbox has them on. */
  readonly slack?: Partial<Parameters<typeof startSlackWorkspace>[0]>;
}

export type CompanyPart = 'databases' | 'aws' | 'redis' | 'slack' | 'eld' | 'holdfast';

/** A whole company on this machine: what is protected, what protects it, and the people who talk about it. */
export interface Company {
  readonly dir: string;
  readonly databases: Databases;
  readonly aws: Aws;
  readonly redis: RedisServer;
  readonly slack: SlackWorkspace;
  readonly eld: Eld;
  readonly roles: readonly Supervised[];
  /** The environment of Holdfast's processes; a terminal takes it too. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts everything, in the order in which one needs the other. Throws what did not start; then nothing is left. */
export async function startCompany(options: CompanyOptions): Promise<Company> {
  const { dir, onReady } = options;
  mkdirSync(dir, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const keep = <T extends { stop(): Promise<void> }>(part: CompanyPart, thing: T): T => {
    stops.push(() => thing.stop());
    onReady(part);
    return thing;
  };
  try {
    const [databases, aws, redis, slack] = await Promise.all([
      startDatabases(dir).then((thing) => keep('databases', thing)),
      startAws('eld.example', join(dir, 'aws')).then((thing) => keep('aws', thing)),
      startRedis().then((thing) => keep('redis', thing)),
      startSlackWorkspace({ people: [...rosterPeople], folder: join(dir, 'slack'), ...options.slack }).then((thing) =>
        keep('slack', thing),
      ),
    ]);
    await seedEld({ uri: databases.eld.uri('root'), now: Date.now() });
    const eld = keep('eld', await startEldOn(options, databases, aws));
    const env = {
      ...databases.env,
      ...aws.env,
      ...approvalKeys(dir),
      REDIS_URL: redis.url,
      KUBECONFIG: eld.kubeconfig,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.tokens.bot,
      SLACK_APP_TOKEN: slack.tokens.app,
      SLACK_SIGNING_SECRET: slack.tokens.signingSecret,
      HOLDFAST_PLAN: writeSandboxPlan(dir),
      HOLDFAST_TRUST_AS: 'true',
      HOLDFAST_ACKNOWLEDGED_WRITES_URL: eld.drivers.acknowledgedWritesUrl,
      HOLDFAST_STATS_URL: eld.drivers.statsUrl,
    };
    const roles = holdfastRoles(options.roles ?? ROLES, env, dir);
    stops.push(async () => {
      await Promise.all(roles.map((role) => role.stop()));
    });
    await Promise.all(roles.map((role) => role.start()));
    await slack.waitFor(() => slack.connections > 0, 30_000, 'the bot connects to Slack');
    onReady('holdfast');
    return { dir, databases, aws, redis, slack, eld, roles, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const startEldOn = ({ dir, perSecond }: CompanyOptions, databases: Databases, aws: Aws): Promise<Eld> =>
  startEld({
    mongodbUri: databases.eld.uri('eld'),
    route53: aws.moto.endpoint,
    zoneId: aws.world.zoneId,
    name: 'api.eld.example',
    ttlSeconds: 2,
    perSecond,
    drivers: 20,
    regions: ELD_REGIONS,
    dir: join(dir, 'eld'),
  });
