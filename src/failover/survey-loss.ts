import { asDrError, type Clock, DrError, type Region, within } from '#core';
import type { FenceView, Member, Replicas } from '#ports';
import { type Acknowledged, acknowledgedSince } from './loss-bound.ts';
import type { LostRegionWorld, TailView } from './lost-region-world.ts';
import type { VerifiedBackup } from './world.ts';

/** What could be found out around a lost region, each question within its time. */
export interface LossSurvey {
  readonly fence: FenceView;
  readonly tail: TailView | undefined;
  readonly acknowledged: Acknowledged | undefined;
  readonly services: Replicas | undefined;
  readonly roomFor: number | undefined;
  readonly backup: VerifiedBackup | undefined;
  /** Whether the control API of DNS answers; the failover does without it. */
  readonly controlApi: boolean;
  /** Clauses for people about what could not be asked. */
  readonly unread: readonly string[];
}

/** Drivers' clocks and the database's differ a little; more than is counted is looked at. */
const BEFORE_MS = 1_000;

/**
 * Asks everything at once. Only the fence must answer: what it throws is thrown (STORE_UNAVAILABLE). Everything else may be lost
 * with the region, and is then said to be unread.
 */
export async function surveyLoss(
  world: LostRegionWorld,
  clock: Clock,
  { from, to, survivor }: { readonly from: Region; readonly to: Region; readonly survivor: Member },
): Promise<LossSurvey> {
  const { settings, clusters, traffic, tail } = world;
  const { name, replicas } = settings.service;
  const { applied, appliedAt } = survivor;
  const unread: string[] = [];
  const ask = async <T>(asked: Promise<T>, words: string): Promise<T | undefined> => {
    try {
      const late = (): DrError => new DrError('TIMED_OUT', 'transient', 'no answer in time');
      return await within(asked, { clock, ms: settings.askWithinMs, late });
    } catch (thrown) {
      unread.push(`${words}: ${asDrError(thrown).message.replace(/[.]$/, '')}`);
      return undefined;
    }
  };
  const since = appliedAt && new Date(appliedAt.getTime() - BEFORE_MS);
  const withinMs = settings.askWithinMs;
  const [fence, seenTail, acknowledged, services, room, backup, weights] = await Promise.all([
    world.fence.look(from),
    applied ? ask(tail.look(applied), 'what the vault has is not known') : undefined,
    since
      ? ask(
          acknowledgedSince(traffic, since, { clock, withinMs }),
          'the records of acknowledged writes can not be read',
        )
      : undefined,
    ask(clusters.replicas(to), `services in ${to} can not be seen`),
    ask(
      clusters.rehearseScale(to, replicas.active).then(() => replicas.active),
      `no room for ${replicas.active} ${name} in ${to}`,
    ),
    ask(world.newestVerifiedBackup(), 'backups can not be seen'),
    ask(world.dns.weights(), "DNS's control API does not answer (not needed; its weights are put right when it does)"),
  ]);
  const controlApi = weights !== undefined;
  return { fence, tail: seenTail, acknowledged, services, roomFor: room, backup, controlApi, unread };
}
