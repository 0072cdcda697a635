import { DrError, formatCount, type Region, say } from '#core';
import type { AcknowledgedWrite } from '#ports';
import { shareOf, type Waiter, waitForTraffic } from './point-dns.ts';
import type { MoveProof } from './receipt.ts';
import { lagMs } from './survey.ts';
import type { FailoverWorld } from './world.ts';

const BATCH = 500;
const HISTORY_BEFORE_MS = 60_000;

export interface ProofQuestion {
  readonly region: Region;
  readonly primary: string;
  /** Writes acknowledged from then on are read back. */
  readonly from: Date;
}

/**
 * Proves that a region serves: one primary seen from two regions, test writes and reads through its service, every
 * acknowledged write of the window read back, and the drivers there. Throws what it found instead, permanent.
 */
export async function proveMove(waiter: Waiter, { region, primary, from }: ProofQuestion): Promise<MoveProof> {
  const { world, clock, signal } = waiter;
  const { primarySeenFrom, followers } = await provePrimary(waiter, primary);
  signal.throwIfAborted();
  const testWrites = await probeService(world, region);
  await waitForTraffic(waiter, region);
  const until = clock.now();
  const counted = await readBack(waiter, from, until);
  const trafficShare = shareOf(await world.traffic.view(), region) ?? 1;
  return { readBack: { from, until, ...counted }, testWrites, trafficShare, primarySeenFrom, followers };
}

/** Real writes and reads through the region's service. SERVICE_UNAVAILABLE (transient) when one is refused or not read back. */
export async function probeService(
  { traffic, settings }: Pick<FailoverWorld, 'traffic' | 'settings'>,
  region: Region,
): Promise<MoveProof['testWrites']> {
  const { testWrites: wanted } = settings.service;
  const found = await traffic.probe(region, wanted);
  if (found.readBack === found.written && found.written >= wanted) return found;
  const message = `Of ${wanted} test writes in ${region}, ${found.written} were taken and ${found.readBack} read back.`;
  throw new DrError('SERVICE_UNAVAILABLE', 'transient', message);
}

/** One primary, unblocked, and seen as such by members in at least two regions where two are alive. */
async function provePrimary(
  { world }: Waiter,
  primary: string,
): Promise<Pick<MoveProof, 'primarySeenFrom' | 'followers'>> {
  const { members } = await world.replicaSet.look();
  const claims = members.filter(({ state }) => state === 'primary');
  const [only] = claims;
  if (claims.length !== 1 || only?.host !== primary || !only.writable) {
    const seen = claims.map(({ host, writable }) => `${host}${writable ? '' : ' (blocked)'}`).join(', ');
    throw new DrError('DATABASE_UNAVAILABLE', 'transient', `Primary should be ${primary}; seen: ${seen || 'none'}.`);
  }
  const seers = members.filter(({ seesPrimary }) => seesPrimary === primary);
  const primarySeenFrom = [...new Set(seers.flatMap((member) => (member.region ? [member.region] : [])))];
  const alive = new Set(members.filter(({ state }) => state !== 'unreachable').map((member) => member.region));
  if (primarySeenFrom.length < Math.min(2, alive.size)) {
    throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${primary} is seen as primary from one region only.`);
  }
  const followers = members.flatMap((member) =>
    member.region && member.state === 'secondary' ? [{ region: member.region, lagMs: lagMs(only, member) }] : [],
  );
  return { primarySeenFrom, followers };
}

/** How many acknowledged writes are there, and how many of those somebody took away or changed since. */
export interface ReadBack {
  readonly writes: number;
  readonly removed: number;
}

/**
 * Reads every acknowledged write back by id and hash. One that is not there as written counts as kept when the primary's
 * history has its insert: then the move lost nothing, somebody deleted it, or dropped the collection, before or after.
 * WRITE_LOST (permanent) names the first of those that were never there.
 */
export async function readBack({ world, signal, report }: Waiter, from: Date, until: Date): Promise<ReadBack> {
  let checked = 0;
  let removed = 0;
  const lost: string[] = [];
  const check = async (batch: readonly AcknowledgedWrite[]): Promise<void> => {
    signal.throwIfAborted();
    const present = await world.written.hashes(batch.map(({ id }) => id));
    const gone = batch.filter(({ id, hash }) => present.get(id) !== hash);
    const kept = gone.length > 0 ? await world.written.inserted(idsOf(gone), historyFrom(from)) : new Map();
    const neverThere = gone.filter(({ id, hash }) => kept.get(id) !== hash);
    for (const { id } of neverThere) lost.push(present.has(id) ? `${id} differs` : `${id} is missing`);
    removed += gone.length - neverThere.length;
    checked += batch.length;
    report({ text: say`${formatCount(checked)} acknowledged writes read back.` });
  };
  let batch: AcknowledgedWrite[] = [];
  for await (const write of world.traffic.acknowledged(from, until)) {
    batch.push(write);
    if (batch.length < BATCH) continue;
    await check(batch);
    batch = [];
  }
  if (batch.length > 0) await check(batch);
  if (lost.length === 0) return { writes: checked, removed };
  throw new DrError(
    'WRITE_LOST',
    'permanent',
    `${formatCount(lost.length)} of ${formatCount(checked)} acknowledged writes were not read back as written: ${lost.slice(0, 3).join(', ')}.`,
    {
      hint: 'Page the Database Admin: the old primary may still have them.',
      data: { lost: lost.slice(0, 20), lostCount: lost.length, checked },
    },
  );
}

const idsOf = (writes: readonly AcknowledgedWrite[]): string[] => writes.map(({ id }) => id);

/** A write is inserted before it is acknowledged, on a clock that may differ from the users'. */
const historyFrom = (acknowledgedFrom: Date): Date => new Date(acknowledgedFrom.getTime() - HISTORY_BEFORE_MS);
