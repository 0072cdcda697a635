import { inspectSlack } from '#adapters/inspect';
import { openCanary, openMemberDisks, openMemberLoads } from '#adapters/mongodb';
import { bucketGuardLook, certificateLook, healthAgent, httpHealthLook, queueDepthLook } from '#adapters/probes';
import { awsEndpointOf, type Config, encryptedMembers } from '#config';
import type { Region } from '#core';
import { type Asks, type Probe, probesOf } from '#detection';
import { type Plan, servingRegions } from '#plan';
import type { Look } from '#ports';
import { planLeases, waitsForItsTurn } from './open-fence.ts';
import type { Holdfast } from './open-holdfast.ts';
import { healthUrl } from './service-address.ts';

/** Asked for in every bucket; whether it is there does not matter. */
const ASKED_FOR = 'checks/detector';
const HTTPS_PORT = 443;

/** Everything a detector looks at, opened. Nothing is asked yet. `checkPager` where there is a pager to ask. */
export function openProbes(holdfast: Holdfast, checkPager: (() => Promise<unknown>) | undefined): Probe[] {
  const { config, plan, store, flow, closers } = holdfast;
  const { clock, world } = flow;
  const uri = config.mongodbUri.reveal();
  const disks = closers.keep(openMemberDisks({ uri, databases: plan.mongodb.databases }));
  const queue = closers.keep(
    queueDepthLook({
      redisUrl: config.redisUrl?.reveal() ?? 'redis://127.0.0.1:6379',
      most: plan.detection.limits.queueDepth,
    }),
  );
  return probesOf({
    plan,
    clock,
    store,
    replicaSet: world.move.replicaSet,
    canary: closers.keep(openCanary({ uri, database: plan.mongodb.continuous.canary.database })),
    loads: closers.keep(openMemberLoads({ uri })),
    disks: () => disks.room(),
    machines: machinesOf(holdfast),
    traffic: world.move.traffic,
    clusters: world.move.clusters,
    dns: world.move.dns,
    asks: asksOf(holdfast),
    slack: slackAsk(config),
    pager: checkPager,
    health: healthLooks(holdfast),
    queue,
    bucketGuard: (region) =>
      bucketGuardLook({ region, bucket: bucketOf(config, plan, region), ...endpointOf(config, region) }),
    certificates: certificatesOf(holdfast),
  });
}

/** What the agents on the database's machines are asked: only questions, never an order. */
function machinesOf({ config, flow }: Holdfast) {
  const { hosts } = flow.world.rebuild;
  return hosts && { hosts, members: Object.keys(config.memberAgents ?? {}) };
}

/** One in each region that has a bucket. */
const asksOf = ({ flow }: Holdfast): ReadonlyMap<Region, Asks> =>
  new Map(
    flow.world.backup.vault.stores.map((store) => [
      store.region,
      { bucket: () => store.head(ASKED_FOR), key: () => flow.world.move.proveKeys(store.region) },
    ]),
  );

const bucketOf = (config: Config, plan: Plan, region: Region): string =>
  config.vaultBuckets?.[region] ?? plan.mongodb.vaultBuckets[region] ?? '';

function endpointOf(config: Config, region: Region): { readonly endpoint?: string } {
  const endpoint = awsEndpointOf(config, region);
  return endpoint === undefined ? {} : { endpoint };
}

function slackAsk({ slackBotToken, slackApiUrl }: Config): (() => Promise<unknown>) | undefined {
  if (!slackBotToken) return undefined;
  return () => inspectSlack({ apiUrl: slackApiUrl, bot: slackBotToken.reveal(), app: undefined });
}

function healthLooks(holdfast: Holdfast): (region: Region) => Look {
  const { config, plan, flow, closers } = holdfast;
  const leases = planLeases(holdfast);
  const agent = healthAgent();
  closers.add(() => agent.destroy());
  return (region) =>
    httpHealthLook({
      url: healthUrl(config, plan, region),
      slowMs: plan.thresholds.responseTimeMs,
      clock: flow.clock,
      agent,
      ...(leases ? { isClosed: () => waitsForItsTurn(leases, servingRegions(plan), region) } : {}),
    });
}

/** Of what is reached by TLS: the service's own addresses, ours, and the members of both replica sets. */
function certificatesOf({ config, plan, flow }: Holdfast): ReadonlyMap<string, Look> {
  const urls = [...servingRegions(plan).map((region) => healthUrl(config, plan, region)), config.publicUrl ?? ''];
  const hosts = urls.flatMap((url) => {
    const { protocol, hostname, port } = URL.parse(url) ?? {};
    return protocol === 'https:' && hostname ? [{ hostname, port: Number(port) || HTTPS_PORT }] : [];
  });
  const members = [config.mongodbUri, config.controlMongodbUri].flatMap((uri) => encryptedMembers(uri.reveal()));
  const days = plan.detection.limits.certificateDays;
  return new Map(
    [
      ...hosts.map(({ hostname, port }) => ({ name: hostname, host: hostname, port })),
      // a machine may carry several
      ...members.map(({ host, port }) => ({ name: `${host}:${port}`, host, port })),
    ].map(({ name, host, port }) => [name, certificateLook({ host, port, days, clock: flow.clock })]),
  );
}
