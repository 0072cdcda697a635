import { MongoClient } from 'mongodb';
import { openControlStore } from '#adapters/control-store';
import type { RequestId } from '#core';
import { openRequests } from '#flows';
import { until } from '#sandbox/servers';
import { type CompanyBench, PEOPLE } from '../company-bench.ts';
import { askUntilFit, faultsAfterMove, nextMove } from './move.ts';
import { reachStep } from './reach-step.ts';
import { restoreAndSwap } from './restore-and-swap.ts';

/** Redis is killed while a move runs and does not come back: the move ends as if it were there. */
export async function redisLostDuringMove(bench: CompanyBench): Promise<string[]> {
  const { line, to } = await nextMove(bench);
  const request = await askUntilFit(bench, line);
  await bench.approve(request);
  await loseRedisUnderway(bench, request);
  const faults = await faultsAfterMove(bench, request, to);
  if (bench.company.redis.running()) faults.push('Redis was not lost');
  return faults;
}

/** Kills Redis once the run has done a step. */
export async function loseRedisUnderway(bench: CompanyBench, request: RequestId): Promise<void> {
  await until('the run is under way', async () => {
    const done = (await bench.run(request))?.steps.filter(({ state }) => state === 'done').length ?? 0;
    return done > 0;
  });
  bench.company.redis.kill('SIGKILL');
}

/** Redis is emptied and started anew in the middle of a restore, and stopped for good in the middle of its swap. */
export async function redisLostDuringRestore(bench: CompanyBench): Promise<string[]> {
  const { redis } = bench.company;
  const faults = await restoreAndSwap(bench, {
    inRestore: async (restore) => {
      await reachStep(bench, restore, 'load');
      // Nothing of it is on disk, so one that was started anew is empty.
      redis.kill('SIGKILL');
      await redis.restart();
    },
    inSwap: async (swap) => {
      await reachStep(bench, swap, 'pause-writes');
      redis.kill('SIGKILL');
    },
  });
  return redis.running() ? [...faults, 'Redis was not lost'] : faults;
}

/** The control store's primary is killed while people type: every line is acknowledged in time and none is lost. */
export async function controlPrimaryLost(bench: CompanyBench, commands: number): Promise<string[]> {
  const { control } = bench.company.databases;
  const client = new MongoClient(control.uri('root'));
  const { primary } = await client.db('admin').command({ hello: 1 });
  await client.close();
  const member = control.members.find(({ host }) => host === primary);
  if (!member) throw new Error('the control store has no primary');
  const marked = `lost-primary ${Date.now()}`;
  const faults: string[] = [];
  member.kill('SIGKILL');
  // One region serves already, so each of these is refused with a reason: a request that leaves nothing behind.
  const { to } = await nextMove(bench);
  const active = to === 'us-east-1' ? 'us-west-2' : 'us-east-1';
  for (let n = 0; n < commands; n += 1) {
    const startedAt = performance.now();
    const outcome = await bench.company.slack
      .asUser(PEOPLE.mike)
      .slash(`/dr failover ${active} --reason "${marked} ${n}"`);
    const ms = Math.round(performance.now() - startedAt);
    if (!outcome.ok) faults.push(`command ${n} was not acknowledged: ${outcome.error} after ${ms} ms`);
    if (ms >= 3_000) faults.push(`command ${n} was acknowledged after ${ms} ms`);
  }
  const connection = openControlStore({ uri: bench.company.env['CONTROL_MONGODB_URI'] ?? '' });
  try {
    const requests = openRequests(connection.store);
    const found = async (): Promise<string[]> => {
      const newest = await requests.find({ sort: { by: 'askedAt', order: 'descending' }, limit: 100 });
      return newest.flatMap(({ value }) => (value.reason?.startsWith(marked) ? [value.reason] : []));
    };
    await until('every command became a request', async () => (await found()).length >= commands, {
      withinMs: 60_000,
      everyMs: 500,
    }).catch(() => undefined);
    const reasons = (await found()).sort();
    if (reasons.length !== commands || new Set(reasons).size !== commands) {
      faults.push(`of ${commands} commands ${reasons.length} became requests: ${reasons.join(', ')}`);
    }
  } finally {
    await connection.close();
  }
  await member.restart();
  return faults;
}
