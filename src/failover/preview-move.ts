import { type Clock, closest, DrError, type Region } from '#core';
import type { Member, ReplicaSetView } from '#ports';
import type { MemberFact, MoveFacts, MoveLimits, MoveLive } from './facts.ts';
import { factOf } from './member-roles.ts';
import type { RegionSettings } from './settings.ts';
import { notReady, survey } from './survey.ts';
import type { FailoverWorld } from './world.ts';

/** What a move would do. With problems it can't start; facts are then there as far as they could be resolved. */
export interface MovePreview {
  readonly facts: MoveFacts | undefined;
  readonly limits: MoveLimits;
  readonly live: MoveLive | undefined;
  readonly problems: readonly DrError[];
}

/** What is asked for: a region as somebody typed it. */
export interface MoveInput {
  readonly to: string;
  /** The next primary's host in what people approved already. It stays, while it is as fit as the others. */
  readonly approvedHost?: string | undefined;
}

/** What the two planned moves do not share. */
export interface Direction extends Pick<MoveFacts, 'move' | 'steps' | 'trafficPercent'> {
  readonly limits: MoveLimits;
  /** Why the plan does not let this region be the target. */
  refusesTarget(target: RegionSettings): DrError | undefined;
  alreadyThere(to: Region): DrError;
  /** Why the set as it is now does not let the target be moved to; more than what makes it "not ready". */
  refusesSet(view: ReplicaSetView, to: Region): DrError | undefined;
  /** How many members lose their vote while writes are paused. */
  votesTaken(view: ReplicaSetView, from: Region): number;
  rolesAfter(view: ReplicaSetView, from: Region, to: Region, primary: string): MemberFact[];
}

/**
 * Works out a move to a region without touching anything (the scaling is rehearsed in a dry run). What a person can put
 * right comes back as `problems`; throws only what nobody foresaw.
 */
export async function previewMove(
  world: FailoverWorld,
  { to: word, approvedHost }: MoveInput,
  direction: Direction,
  clock: Clock,
): Promise<MovePreview> {
  const { settings } = world;
  const { limits } = direction;
  const refused = (problem: DrError): MovePreview => ({
    facts: undefined,
    limits,
    live: undefined,
    problems: [problem],
  });
  const target = settings.regions.find(({ region }) => region === word);
  if (!target) {
    return refused(
      unknownRegion(
        word,
        settings.regions.map(({ region }) => region),
      ),
    );
  }
  const wrongTarget = direction.refusesTarget(target);
  if (wrongTarget) return refused(wrongTarget);
  const to = target.region;
  const where = await findPrimary(world, clock, to);
  if (where instanceof DrError) return refused(where);
  const { view, primary, region: from } = where;
  if (from === to) return refused(direction.alreadyThere(to));
  const wrongSet = direction.refusesSet(view, to);
  if (wrongSet) return refused(wrongSet);

  const votesTaken = direction.votesTaken(view, from);
  const pauseLimitMs = limits.pauseMs;
  const found = await survey(world, clock, { view, primary, from, to, approvedHost, votesTaken, pauseLimitMs });
  const problems = found.reasons.length > 0 ? [notReady(to, found.reasons)] : [];
  const resolved = found.weights.length > 0 && found.replicas.size === 2;
  if (!found.candidate || !resolved) return { facts: undefined, limits, live: found.live, problems };
  const { replicas, configurationKeys: keys } = settings.service;
  const facts: MoveFacts = {
    move: direction.move,
    from,
    to,
    primaryBefore: primary.host,
    primaryAfter: found.candidate.host,
    configVersion: view.configVersion,
    membersBefore: view.members.map(factOf),
    membersAfter: direction.rolesAfter(view, from, to, found.candidate.host),
    steps: [...direction.steps],
    weightsBefore: [...found.weights],
    weightsAfter: weightsAfter(found.weights, from, to),
    trafficPercent: [...direction.trafficPercent],
    replicasBefore: [...found.replicas].map(([region, { wanted }]) => ({ region, replicas: wanted })),
    replicasAfter: [
      { region: to, replicas: replicas.active },
      { region: from, replicas: replicas.standby },
    ],
    configurationBefore: pick(found.configuration, Object.values(keys)),
    configurationAfter: configurationFor(world, to),
  };
  return { facts, limits, live: found.live, problems };
}

interface Found {
  readonly view: ReplicaSetView;
  readonly primary: Member;
  readonly region: Region;
}

const LOOKS = 2;
const BETWEEN_LOOKS_MS = 1_000;

/**
 * Where the primary is, or the problem that it is nowhere or in a region the plan does not know. A process that was just
 * started, or looks in the middle of an election, takes members for silent that are well: it looks again before it says
 * that there is no primary, or that a member of the target is silent.
 */
export async function findPrimary(world: FailoverWorld, clock: Clock, to: Region): Promise<Found | DrError> {
  for (let look = 1; ; look += 1) {
    const found = await lookForPrimary(world, to);
    const silent =
      found instanceof DrError
        ? found.code === 'REGION_UNREACHABLE'
        : found.view.members.some(({ region, state }) => region === to && state === 'unreachable');
    if (!silent || look === LOOKS) return found;
    await clock.sleep(BETWEEN_LOOKS_MS);
  }
}

async function lookForPrimary(world: FailoverWorld, to: Region): Promise<Found | DrError> {
  let view: ReplicaSetView;
  try {
    view = await world.replicaSet.look();
  } catch (thrown) {
    if (thrown instanceof DrError && thrown.kind === 'transient') return noPrimary(thrown.message, to);
    throw thrown;
  }
  const primary = view.members.find(({ state }) => state === 'primary');
  if (!primary) {
    const silent = view.members.filter(({ state }) => state === 'unreachable').map(({ host }) => host);
    return noPrimary(
      `The database has no primary${silent.length > 0 ? `; no answer from ${silent.join(', ')}` : ''}.`,
      to,
    );
  }
  if (primary.region) return { view, primary, region: primary.region };
  return new DrError('CONFIG_INVALID', 'permanent', `${primary.host} has no region tag. Nothing was changed.`, {
    hint: 'Give each member of the replica set the tag region.',
  });
}

const noPrimary = (why: string, to: Region): DrError =>
  new DrError('REGION_UNREACHABLE', 'user', `${why} A planned failover needs a running primary. Nothing was changed.`, {
    hint: `an unplanned failover is what helps here: /dr failover ${to} --unplanned`,
  });

/** With the one that was meant, where that can be told. */
export function unknownRegion(word: string, regions: readonly Region[]): DrError {
  const near = closest(word, regions);
  return new DrError('REGION_UNKNOWN', 'user', `The plan has no region "${word}". Nothing was changed.`, {
    hint: near ? `Did you mean ${near}?` : `It has ${regions.join(', ')}.`,
    data: { word, ...(near ? { near } : {}) },
  });
}

/** All traffic to one of two regions; a third one's weight stays as it is. */
export const weightsAfter = (
  before: readonly { readonly region: Region; readonly weight: number }[],
  from: Region,
  to: Region,
  percent = 100,
): { region: Region; weight: number }[] =>
  before.map(({ region, weight }) => {
    if (region === to) return { region, weight: percent };
    return { region, weight: region === from ? 100 - percent : weight };
  });

export function configurationFor(
  { settings }: Pick<FailoverWorld, 'settings'>,
  region: Region,
): Record<string, string> {
  const { activeRegion, filesBucket } = settings.service.configurationKeys;
  const bucket = settings.regions.find((known) => known.region === region)?.filesBucket;
  return { [activeRegion]: region, ...(bucket === undefined ? {} : { [filesBucket]: bucket }) };
}

const pick = (all: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));
