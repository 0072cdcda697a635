import { memberUri, openOtherCluster, openReplicaSet, openWrittenRecords } from '#adapters/mongodb';
import type { ConfigWith } from '#config';
import type { Clock, Region } from '#core';
import { type ColdWorld, type FailoverWorld, openServingDatabases, type RebuildWorld } from '#failover';
import { lookAtCaptured } from '#flows';
import { lossBooks } from '#loss';
import type { Roster } from '#oncall';
import type { Plan } from '#plan';
import type { ControlStore } from '#ports';
import type { Timeline } from '#record';
import { type RestoreWorld, vaultData } from '#restore';
import type { BackupWorld } from '#snapshot';
import { reachableVault } from '#vault';
import { openLoss } from './open-loss.ts';
import { coldText } from './stakeholder-text.ts';
import { tellStakeholders } from './tell-stakeholders.ts';

export interface ColdSurroundings {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly roster: Roster;
  readonly timeline: Timeline;
  readonly clock: Clock;
  /** Where the writes are that users are told of. */
  readonly acknowledgedIn: { readonly database: string; readonly collection: string };
}

interface Acting {
  readonly move: FailoverWorld;
  readonly restore: RestoreWorld;
  readonly backup: BackupWorld;
  readonly rebuild: Pick<RebuildWorld, 'hosts'>;
}

/** As `HoldfastWorld.cold`. Nothing is asked of anybody, and nothing is connected, before it is needed. */
export function openCold(
  config: ConfigWith<'mongodbUri'>,
  { move, restore, backup, rebuild }: Acting,
  around: ColdSurroundings,
): () => ColdWorld {
  const { plan, store, timeline } = around;
  const uri = config.mongodbUri.reveal();
  const uriOf = (host: string): string => memberUri(uri, host);
  return () => ({
    ...move,
    hosts: rebuild.hosts,
    data: vaultData({
      restore,
      open: async (host) => openOtherCluster({ uri: uriOf(host), who: host }),
      timelines: async () => {
        const vault = await reachableVault(backup.vault);
        return (await lookAtCaptured({ backup: { ...backup, vault }, store })).timelines;
      },
    }),
    withFounded: async (host, work) => {
      const replicaSet = openReplicaSet({ uri: uriOf(host) });
      const written = openWrittenRecords({ uri: uriOf(host), ...around.acknowledgedIn });
      try {
        return await work({ replicaSet, losses: lossesOf({ uri: uriOf(host), replicaSet, written }) });
      } finally {
        await Promise.all([replicaSet.close(), written.close()]);
      }
    },
    serving: openServingDatabases(store),
    tellCold: (run, receipt) => tellStakeholders(run, coldText(receipt, plan), around),
  });

  function lossesOf(founded: Pick<Parameters<typeof openLoss>[0], 'uri' | 'replicaSet' | 'written'>) {
    const { database, collection } = around.acknowledgedIn;
    const { loss } = openLoss({
      ...{ ...founded, plan, store, timeline, vault: backup.vault },
      ...{ traffic: move.traffic, acknowledgedIn: `${database}.${collection}` },
    });
    return lossBooks({
      ...loss,
      // all that the vault has is in the new database
      history: { ...loss.history, leftInVault: nothing },
      hostsIn: (region) => lostHosts(move, region),
    });
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** Members of a lost region, where one of the set still knows it: they may have what nobody else has. */
async function lostHosts({ replicaSet }: FailoverWorld, region: Region): Promise<readonly string[]> {
  const view = await replicaSet.look().catch(() => undefined);
  return (view?.members ?? []).filter((member) => member.region === region).map(({ host }) => host);
}
