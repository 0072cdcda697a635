import { inspectPrivileges, privilegesElsewhere } from '#adapters/inspect';
import { describeSet } from '#adapters/mongodb';
import type { Config } from '#config';
import { counted, formatBytes } from '#core';
import type { OtherClusterPlan, Plan } from '#plan';
import { lookForRoom, refuseUnfit } from '#restore';
import { type OtherClusters, otherClusters } from '../../main/other-clusters.ts';
import { type Check, wrong } from './check.ts';

/** Each cluster that a restore may go to: that it answers, is another, is no older, and lets us write. Writes nothing. */
export function otherClusterChecks(config: Pick<Config, 'mongodbUri'>, plan: Plan): Check[] {
  const others = otherClusters(plan);
  return plan.mongodb.restore.clusters.map((cluster) => ({
    name: `cluster ${cluster.name}`,
    fix: `Start its members; check ${cluster.uriEnv} and its user.`,
    look: () => look(cluster, others, config, plan),
  }));
}

async function look(
  { name, databases }: OtherClusterPlan,
  others: OtherClusters,
  { mongodbUri }: Pick<Config, 'mongodbUri'>,
  { mongodb }: Plan,
): Promise<string> {
  const uri = others.addressOf(name);
  const live = mongodbUri && describeSet({ uri: mongodbUri.reveal(), who: 'The protected set' });
  const [there, protectedSet] = await Promise.all([
    describeSet({ uri, who: name }),
    // its own check says what is wrong with it
    live?.catch(() => undefined),
  ]);
  const judged = { name, there, live: protectedSet, liveName: mongodb.replicaSet };
  refuseUnfit({ ...judged, source: undefined, point: {} });
  // of a pattern it is not known which databases it will be
  const missing = await inspectPrivileges(uri, privilegesElsewhere(databases.filter((each) => !each.includes('*'))));
  if (missing.length > 0) {
    throw wrong(
      `Missing: ${missing.slice(0, 6).join(', ')}${missing.length > 6 ? ` and ${missing.length - 6} more` : ''}.`,
      `Give its user the role in docs/operations.md, "Other clusters".`,
    );
  }
  const target = await others.open(name);
  try {
    const room = await lookForRoom(target, [], 0);
    const free = room ? `, ${formatBytes(room.freeBytes)} free` : '';
    return `${counted(there.hosts.length, 'member')}, primary ${there.primary}, MongoDB ${there.version} as of ${there.featureVersion}${free}`;
  } finally {
    await target.close();
  }
}
