import { asDrError, type Clock, DrError, formatDuration, type Region } from '#core';
import { type Member, PLANNED_NEEDS, type RegionWeight, type ReplicaSetView, type Replicas } from '#ports';
import { whatServersLack } from './abilities.ts';
import type { MoveLive } from './facts.ts';
import { candidateIn } from './member-roles.ts';
import type { FailoverWorld, VerifiedBackup } from './world.ts';

/** Everything a move between regions depends on, as it is now. What could not be asked is in `reasons`. */
export interface Survey {
  readonly view: ReplicaSetView;
  readonly primary: Member;
  readonly candidate: Member | undefined;
  readonly weights: readonly RegionWeight[];
  readonly replicas: ReadonlyMap<Region, Replicas>;
  readonly configuration: Readonly<Record<string, string>>;
  readonly live: MoveLive;
  /** Why the target is not ready; empty when it is. Each is a clause for people: `it is 48 s behind`. */
  readonly reasons: readonly string[];
}

export interface SurveyQuestion {
  readonly view: ReplicaSetView;
  readonly primary: Member;
  readonly from: Region;
  readonly to: Region;
  /** The host that people approved as the next primary, when this looks again before a run. */
  readonly approvedHost: string | undefined;
  readonly pauseLimitMs: number;
  /** How many votes are taken inside the pause; each costs about a heartbeat. */
  readonly votesTaken: number;
}

/** Asks the target region and all around it, in parallel. What does not answer or refuses becomes a reason. */
export async function survey(world: FailoverWorld, clock: Clock, question: SurveyQuestion): Promise<Survey> {
  const { view, primary, from, to } = question;
  const { clusters, settings } = world;
  const reasons: string[] = [];
  const orReason = async <T>(asked: Promise<T>, words: string): Promise<T | undefined> => {
    try {
      return await asked;
    } catch (thrown) {
      reasons.push(`${words}: ${asDrError(thrown).message}`);
      return undefined;
    }
  };
  const active = settings.service.replicas.active;
  const candidate = candidateIn(view, to, question.approvedHost);
  const [weights, fromReplicas, toReplicas, configuration, backup, room, lacking] = await Promise.all([
    orReason(world.dns.weights(), 'DNS can not be read'),
    orReason(clusters.replicas(from), `services in ${from} can not be seen`),
    orReason(clusters.replicas(to), `services in ${to} can not be seen`),
    orReason(clusters.configuration(to), `configuration in ${to} can not be seen`),
    orReason(world.newestVerifiedBackup(), 'backups can not be seen'),
    orReason(
      clusters.rehearseScale(to, active).then(() => active),
      `no room for ${active} ${settings.service.name}`,
    ),
    whatServersLack(world.replicaSet, candidate?.host ?? primary.host, PLANNED_NEEDS),
    orReason(world.proveKeys(to), `keys in ${to} do not work`),
  ]);
  const inTarget = view.members.filter(({ region }) => region === to);
  const live: MoveLive = {
    checkedAt: clock.now(),
    lagMs: lagMs(primary, candidate),
    membersUp: inTarget.filter(({ state }) => state !== 'unreachable').length,
    membersAll: inTarget.length,
    servicesReady: toReplicas?.ready ?? 0,
    servicesWanted: toReplicas?.wanted ?? 0,
    ...(room === undefined ? {} : { roomFor: room }),
    ...(backup === undefined ? {} : { newestBackup: backup }),
    expectedPauseMs: expectedPauseMs(view.heartbeatMs, question.votesTaken, lagMs(primary, candidate)),
  };
  reasons.push(...databaseReasons(inTarget, candidate, primary, live, world, question));
  reasons.push(...lacking, ...serviceReasons(live, backup, world));
  const known: [Region, Replicas | undefined][] = [
    [from, fromReplicas],
    [to, toReplicas],
  ];
  const replicas = new Map(known.flatMap(([region, found]) => (found ? [[region, found] as const] : [])));
  return {
    view,
    primary,
    candidate,
    weights: weights ?? [],
    replicas,
    configuration: configuration ?? {},
    live,
    reasons,
  };
}

function databaseReasons(
  inTarget: readonly Member[],
  candidate: Member | undefined,
  primary: Member,
  live: MoveLive,
  { settings }: FailoverWorld,
  { to, pauseLimitMs }: SurveyQuestion,
): string[] {
  const reasons: string[] = [];
  if (inTarget.length === 0) reasons.push(`${to} has no database member`);
  for (const { host, state } of inTarget) {
    if (state === 'unreachable') reasons.push(`${host} does not answer`);
    if (state === 'recovering' || state === 'rollback') reasons.push(`${host} is not caught up yet (${state})`);
  }
  if (primary.blocked) reasons.push('user writes are blocked already');
  if (!candidate) return reasons;
  if (live.lagMs > settings.lagLimitMs) reasons.push(`it is ${formatDuration(live.lagMs)} behind`);
  else if (live.expectedPauseMs > pauseLimitMs) {
    reasons.push(`writes would pause about ${formatDuration(live.expectedPauseMs)}`);
  }
  return reasons;
}

function serviceReasons(live: MoveLive, backup: VerifiedBackup | undefined, { settings }: FailoverWorld): string[] {
  const { name } = settings.service;
  const reasons: string[] = [];
  if (live.servicesReady === 0 || live.servicesReady < live.servicesWanted) {
    reasons.push(`${live.servicesReady} of ${live.servicesWanted} ${name} answer`);
  }
  if (!backup) reasons.push(NO_BACKUP);
  return reasons;
}

/** By the times that the members themselves noted for what they applied last. */
export function lagMs(primary: Member, member: Member | undefined): number {
  if (!primary.appliedAt || !member?.appliedAt) return 0;
  return Math.max(0, primary.appliedAt.getTime() - member.appliedAt.getTime());
}

/**
 * What a pause usually takes: an election and the first majority write after it, a heartbeat for each vote, and
 * whatever the target is behind. Measured: 1.1 to 1.7 s with two votes at heartbeats of 500 ms, about 4.3 s at 2 s.
 */
export const expectedPauseMs = (heartbeatMs: number, votesTaken: number, lag: number): number =>
  Math.round(600 + votesTaken * heartbeatMs + lag);

const NO_BACKUP = 'there is no verified backup';

/** REGION_NOT_READY with all reasons in one sentence. */
export const notReady = (region: Region, reasons: readonly string[]): DrError =>
  new DrError('REGION_NOT_READY', 'user', `${region} is not ready: ${reasons.join('; ')}. Nothing was changed.`, {
    data: { region, reasons },
    ...(reasons.includes(NO_BACKUP) ? { hint: 'make one: /dr backup mongodb' } : {}),
  });
