import { openRoute53 } from '#sandbox/eld';
import type { World, WorldRegion } from '#sandbox/page';
import { s3For } from '#sandbox/servers';
import { keepLatest } from './latest.ts';
import { countObjects, readReplicas, readStats, readWeights } from './read-cloud.ts';
import { type MemberSource, openMemberReader } from './read-members.ts';

export type RegionSource = {
  readonly region: string;
  /** The region's own door to S3, and its vault. */
  readonly vault: { readonly endpoint: string; readonly bucket: string };
  /** The region's Kubernetes API server; undefined where no service runs. */
  readonly kubernetes?: string;
};

export type WorldSources = {
  readonly regions: readonly RegionSource[];
  readonly members: readonly MemberSource[];
  readonly kubernetesToken: string;
  readonly dns: { readonly endpoint: string; readonly zoneId: string; readonly name: string };
  readonly statsUrl: string;
};

export type WorldReader = {
  /** Answers from what was last seen of each server; waits for the first look only, half a second at most. */
  readWorld(): Promise<World>;
  stop(): Promise<void>;
};

/** A busy machine's healthy member may take a second to answer; a dead one refuses at once, and a later answer counts too. */
const SOON = { everyMs: 500, withinMs: 1_500 };

/** Starts looking at the servers themselves, never at Holdfast. */
export function startWorld(sources: WorldSources): WorldReader {
  const stopping = new AbortController();
  const { signal } = stopping;
  const readers = sources.members.map((source) => ({ source, reader: openMemberReader(source) }));
  const members = readers.map(({ source, reader }) => ({
    source,
    state: keepLatest(() => reader.state(), { ...SOON, signal }),
  }));
  const route53 = openRoute53(sources.dns.endpoint);
  const weights = keepLatest(() => readWeights(route53, sources.dns.zoneId, sources.dns.name), {
    everyMs: 500,
    withinMs: 2000,
    signal,
  });
  const stats = keepLatest(() => readStats(sources.statsUrl), { ...SOON, signal });
  const buckets = sources.regions.map(({ region, vault }) => ({ vault, s3: s3For(region, vault.endpoint) }));
  const regions = sources.regions.map((source, index) => ({
    source,
    replicas: keepLatest(
      async () =>
        source.kubernetes === undefined ? undefined : await readReplicas(source.kubernetes, sources.kubernetesToken),
      { ...SOON, signal },
    ),
    objects: keepLatest(
      async () => {
        const bucket = buckets[index];
        return bucket === undefined ? undefined : await countObjects(bucket.s3, bucket.vault.bucket);
      },
      { everyMs: 2000, withinMs: 2000, signal },
    ),
  }));

  function lookAt({ source, replicas, objects }: (typeof regions)[number]): WorldRegion {
    const own = members
      .filter(({ source: { region } }) => region === source.region)
      .map(({ source: { name }, state }) => ({ name, state: state.value() ?? 'down' }));
    const deployed = replicas.value();
    const byRegion = stats.value()?.byRegion ?? [];
    const share = percent(
      byRegion.find(({ region }) => region === source.region)?.acknowledged ?? 0,
      byRegion.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    );
    const known = weights.value() ?? new Map<string, number>();
    const weight = percent(
      known.get(source.region) ?? 0,
      [...known.values()].reduce((sum, one) => sum + one, 0),
    );
    const stored = objects.value();
    const up = deployed !== undefined && deployed.ready > 0;
    const region = {
      name: source.region,
      db: { members: own },
      app: {
        up,
        replicas: deployed?.replicas ?? 0,
        ready: deployed?.ready ?? 0,
        weightPercent: weight,
        trafficPercent: share,
      },
      vault: { up: stored !== undefined, objects: stored ?? 0 },
    };
    return { ...region, role: roleOf(region, source.kubernetes !== undefined) };
  }
  const firsts = [weights, stats, ...members.map(({ state }) => state), ...regions.map(({ replicas }) => replicas)];

  return {
    async readWorld() {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 450);
      });
      await Promise.race([Promise.all(firsts.map(({ first }) => first)), enough]);
      clearTimeout(timer);
      const seen = stats.value();
      return {
        regions: regions.map(lookAt),
        writes: {
          perSecond: seen?.perSecond ?? 0,
          acknowledged: seen?.acknowledged ?? 0,
          failed: seen?.failed ?? 0,
          lost: seen?.lost ?? 0,
        },
        checkedAt: Date.now(),
      };
    },
    async stop() {
      stopping.abort();
      await Promise.all(readers.map(({ reader }) => reader.close()));
      for (const { s3 } of buckets) s3.destroy();
      route53.destroy();
    },
  };
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 100));

function roleOf({ db, app, vault }: Omit<WorldRegion, 'role'>, runsService: boolean): WorldRegion['role'] {
  if (!runsService) return vault.up ? 'BACKUPS' : 'DOWN';
  const alive = db.members.some(({ state }) => state === 'primary' || state === 'secondary');
  if (!alive || !app.up) return 'DOWN';
  return app.trafficPercent > 0 && app.weightPercent > 0 ? 'SERVING' : 'READY';
}
