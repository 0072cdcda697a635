import { counted, DrError, formatBytes, formatCount, type RequestId, type Text } from '#core';
import type { OtherCluster } from '#ports';
import { chooseBackup, type ManifestHeader, reachableVault, reachNewest, type Timeline, type Vault } from '#vault';
import { fetchStep } from './fetch-step.ts';
import { refuseUnfit } from './judge-cluster.ts';
import { Named, nameRestored, viewsToName } from './name-restored.ts';
import { RestoredBeside, restoreBeside } from './restore-beside.ts';
import { pointOf, type RestorePoint } from './restore-point.ts';
import type { RestoreWorld } from './restore-world.ts';
import { verifyBeside } from './verify-beside.ts';
import { waitForRoom } from './wait-for-room.ts';

/** A moment with what leads to it, as whoever builds a database from the vault keeps it. */
export interface WholePoint extends RestorePoint {
  /** The newest change that it has. */
  readonly reaches: { readonly seconds: number; readonly increment: number };
  readonly documents: number;
  readonly bytes: number;
}

export interface VaultDataParts {
  readonly restore: RestoreWorld;
  /** Where captured history is unbroken, oldest first. */
  readonly timelines: () => Promise<readonly Timeline[]>;
  /** An empty replica set to be filled. */
  readonly open: (host: string) => Promise<OtherCluster>;
}

interface Work {
  readonly signal: AbortSignal;
  report(progress: { readonly text: Text; readonly share?: number }): void;
}

/** All of the vault, as of its newest change, into another replica set under its own names. Regions that are dead are passed over. */
export function vaultData({ restore, timelines, open }: VaultDataParts) {
  const { clock } = restore.vault;
  const withTarget = async <T>(host: string, work: (target: OtherCluster) => Promise<T>): Promise<T> => {
    const target = await open(host);
    try {
      return await work(target);
    } finally {
      await target.close();
    }
  };
  const options = async (run: RequestId, target: OtherCluster, point: WholePoint, signal: AbortSignal) => ({
    ...{ vault: await reachableVault(restore.vault), point: pointOf(point), target, runId: run, signal },
    naming: 'kept' as const,
  });
  return {
    newest: async (backupId?: string): Promise<WholePoint> => {
      const vault = await reachableVault(restore.vault);
      return newestPoint(vault, await timelines(), backupId);
    },
    judge: (host: string, point: WholePoint): Promise<void> =>
      withTarget(host, async (target) => {
        const { source } = await headerOf(restore.vault, point.backupId);
        // blocked by the run itself, which passes the block
        const there = { ...(await target.describe()), blocked: false };
        refuseUnfit({ name: host, there, live: undefined, liveName: restore.liveName, source, point });
      }),
    fetch: async (point: WholePoint, work: Work): Promise<number> => {
      const world = { ...restore, vault: await reachableVault(restore.vault) };
      const runId = 'R-0' as RequestId;
      const { waitedMs } = await fetchStep.run({ ...work, runId, world, input: point, done: {}, clock });
      return waitedMs;
    },
    load: (run: RequestId, host: string, point: WholePoint, work: Work) =>
      waitForRoom({ ...work, clock }, () =>
        withTarget(host, async (target) => {
          let read = { documents: 0, bytes: 0 };
          const kept = await restoreBeside({
            ...(await options(run, target, point, work.signal)),
            onProgress: ({ collections, documents, bytes, current }) => {
              read = { documents: documents.done, bytes: bytes.done };
              const text = `${collections.done} of ${counted(collections.total, 'collection')}, ${formatCount(documents.done)} documents, ${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}, now ${current}`;
              work.report({ text: [text], share: bytes.total > 0 ? Math.min(1, bytes.done / bytes.total) : 1 });
            },
          });
          return { collections: kept.collections.length, ...read, leftOut: kept.refused, kept };
        }),
      ),
    prove: (run: RequestId, host: string, point: WholePoint, work: Work) =>
      withTarget(host, async (target) => {
        const proved = await verifyBeside({ ...(await options(run, target, point, work.signal)), where: 'beside' });
        const wrong = proved.collections.find(({ differences }) => differences.length > 0);
        if (proved.equal) return { collections: proved.collections.length, documents: proved.documents };
        throw new DrError(
          'RESTORE_MISMATCH',
          'permanent',
          `${wrong?.namespace ?? 'A collection'} is not as in the vault: ${wrong?.differences.join('; ') ?? ''}.`,
          { hint: 'Nothing is served from it. Look which backups are whole: /dr verify all' },
        );
      }),
    name: (_run: RequestId, host: string, point: WholePoint, loaded: { readonly kept: unknown }): Promise<number> =>
      withTarget(host, async (target) => {
        const load = RestoredBeside.parse(loaded.kept);
        const world = { vault: await reachableVault(restore.vault) };
        const input = { ...pointOf(point), naming: 'kept' as const };
        const named = Named.parse(
          await nameRestored(target, load, viewsToName({ world, input, done: { load } }, target)),
        );
        // it is served: documents expire again as they did
        for (const { database, name, ttl } of load.collections) {
          for (const { index, expireAfterSeconds } of ttl) {
            await target.expire({ database, name }, { index, expireAfterSeconds });
          }
        }
        return named.collections.length + named.views.length;
      }),
  };
}

async function newestPoint(vault: Vault, timelines: readonly Timeline[], backupId?: string): Promise<WholePoint> {
  const { point, rests } = await chooseBackup(vault, 500, (backups) => {
    const verified = backups.flatMap((each) => (each.state === 'VERIFIED' ? [each] : []));
    const usable = verified.filter(({ header }) => backupId === undefined || header.backup === backupId);
    const captured = reachNewest(usable, timelines);
    const alone = usable[0];
    const found = captured ? usable.find(({ header }) => header.backup === captured.backup) : alone;
    if (!found) throw noBackup(backupId);
    const { backup, window } = found.header;
    const whole = captured
      ? { backupId: backup, until: { timeline: captured.timeline, before: captured.before, reached: captured.reached } }
      : { backupId: backup };
    return { rests: found, point: { ...whole, reaches: captured?.reached ?? window.end } };
  });
  const { documents, bytes } = rests.header.restores ?? rests.header;
  return { ...point, documents, bytes };
}

const noBackup = (backupId: string | undefined): DrError =>
  new DrError(
    'BACKUP_UNKNOWN',
    'user',
    backupId === undefined ? 'There is no verified backup.' : `${backupId} is not there, or not verified any more.`,
    { hint: 'Look: /dr backups' },
  );

const headerOf = async (vault: Vault, backupId: string): Promise<Pick<ManifestHeader, 'source'>> => {
  const { rests } = await chooseBackup(await reachableVault(vault), 500, (backups) => {
    const known = backups.flatMap((each) => (each.state === 'VERIFIED' ? [each] : []));
    return { rests: known.find(({ header }) => header.backup === backupId) };
  });
  if (rests) return rests.header;
  throw noBackup(backupId);
};
