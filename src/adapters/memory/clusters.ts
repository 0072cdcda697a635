import { DrError, type Region } from '#core';
import type { Clusters } from '#ports';

export interface MemoryCluster {
  wanted: number;
  /** How many can run at most; the others never get ready. */
  room: number;
  configuration: Record<string, string>;
  /** Every call to this region throws it. */
  failure?: DrError | undefined;
}

export interface MemoryClusters extends Clusters {
  /** The cluster itself, to look into or to break. */
  at(region: Region): MemoryCluster;
  /** What was changed, in order: `us-west-2 scale 3`. */
  readonly changes: readonly string[];
}

/** Clusters in this process: services are ready at once, as far as there is room. */
export function memoryClusters(start: ReadonlyMap<Region, MemoryCluster>): MemoryClusters {
  const clusters = new Map([...start].map(([region, cluster]) => [region, structuredClone(cluster)]));
  const changes: string[] = [];
  const at = (region: Region): MemoryCluster => {
    const found = clusters.get(region);
    if (found) return found;
    throw new DrError('CLUSTER_REFUSED', 'permanent', `There is no cluster in ${region}.`);
  };
  const answering = (region: Region): MemoryCluster => {
    const cluster = at(region);
    if (cluster.failure) throw cluster.failure;
    return cluster;
  };
  return {
    at,
    changes,
    replicas: async (region) => {
      const { wanted, room } = answering(region);
      return { wanted, ready: Math.min(wanted, room) };
    },
    scale: async (region, replicas) => {
      const cluster = answering(region);
      if (cluster.wanted === replicas) return;
      cluster.wanted = replicas;
      changes.push(`${region} scale ${replicas}`);
    },
    rehearseScale: async (region, replicas) => {
      const { room } = answering(region);
      if (replicas <= room) return;
      throw new DrError('CLUSTER_REFUSED', 'permanent', `${region} has room for ${room}, not for ${replicas}.`);
    },
    configuration: async (region) => ({ ...answering(region).configuration }),
    configure: async (region, values) => {
      const { configuration } = answering(region);
      if (Object.entries(values).every(([key, value]) => configuration[key] === value)) return;
      Object.assign(configuration, values);
      changes.push(`${region} configure`);
    },
  };
}
