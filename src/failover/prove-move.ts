import { DrError, formatCount, type Region, type Sha256, say } from '#core';
import type { AcknowledgedWrite } from '#ports';
import { shareOf, type Waiter, waitForTraffic } from './point-dns.ts';
import type { MoveProof } from './receipt.ts';
import { lagMs } from './survey.ts';

const BATCH = 500;

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
  const testWrites = await world.traffic.probe(region, world.settings.service.testWrites);
  if (testWrites.readBack < testWrites.written || testWrites.written < world.settings.service.testWrites) {
    throw new DrError(
      'SERVICE_UNAVAILABLE',
      'transient',
      `Of ${world.settings.service.testWrites} test writes in ${region}, ${testWrites.written} were taken and ${testWrites.readBack} read back.`,
    );
  }
  await waitForTraffic(waiter, region);
  const until = clock.now();
  const writes = await readBack(waiter, from, until);
  const trafficShare = shareOf(await world.traffic.view(), region) ?? 1;
  return { readBack: { from, until, writes }, testWrites, trafficShare, primarySeenFrom, followers };
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

/** Reads every acknowledged write back by id and hash. WRITE_LOST (permanent) names the first of those that differ. */
export async function readBack({ world, signal, report }: Waiter, from: Date, until: Date): Promise<number> {
  let checked = 0;
  const lost: string[] = [];
  let lostCount = 0;
  let batch: AcknowledgedWrite[] = [];
  const check = async (): Promise<void> => {
    signal.throwIfAborted();
    const present: ReadonlyMap<string, Sha256> = await world.written.hashes(batch.map(({ id }) => id));
    for (const { id, hash } of batch) {
      if (present.get(id) === hash) continue;
      lostCount += 1;
      if (lost.length < 20) lost.push(present.has(id) ? `${id} differs` : `${id} is missing`);
    }
    checked += batch.length;
    batch = [];
    report({ text: say`${formatCount(checked)} acknowledged writes read back.` });
  };
  for await (const write of world.traffic.acknowledged(from, until)) {
    batch.push(write);
    if (batch.length >= BATCH) await check();
  }
  if (batch.length > 0) await check();
  if (lostCount === 0) return checked;
  throw new DrError(
    'WRITE_LOST',
    'permanent',
    `${formatCount(lostCount)} of ${formatCount(checked)} acknowledged writes were not read back as written: ${lost.slice(0, 3).join(', ')}.`,
    { hint: 'Page the Database Admin: the old primary may still have them.', data: { lost, lostCount, checked } },
  );
}
