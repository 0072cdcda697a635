import { openOtherCluster } from '#adapters/mongodb';
import { namedUris } from '#config';
import { DrError } from '#core';
import type { OtherClusterPlan, Plan } from '#plan';
import type { OtherCluster } from '#ports';

/** Where each cluster of the plan answers, as far as this process knows; read once. */
export interface OtherClusters {
  /** Throws NOT_FOUND or CONFIG_INVALID (user), with what to set. */
  addressOf(name: string): string;
  open(name: string): Promise<OtherCluster>;
}

export function otherClusters({ mongodb }: Pick<Plan, 'mongodb'>): OtherClusters {
  const { clusters } = mongodb.restore;
  const uris = namedUris(clusters.map(({ uriEnv }) => uriEnv));
  const addressOf = (name: string): string => {
    const cluster = clusters.find((each) => each.name === name);
    if (!cluster) throw new DrError('NOT_FOUND', 'user', `plan.yaml names no cluster "${name}". Nothing was changed.`);
    const found = uris.get(cluster.uriEnv);
    if (found && 'uri' in found) return found.uri.reveal();
    throw unset(cluster, found?.mistake.sentence ?? 'is missing.');
  };
  return { addressOf, open: async (name) => openOtherCluster({ uri: addressOf(name), who: name }) };
}

const unset = ({ name, uriEnv }: OtherClusterPlan, what: string): DrError =>
  new DrError(
    'CONFIG_INVALID',
    'user',
    `The address of ${name} is not known here: ${uriEnv} ${what} Nothing was changed.`,
    {
      hint: `Set ${uriEnv} for the bot and every worker, and try it: dr doctor`,
    },
  );
