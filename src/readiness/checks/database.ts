import { formatDuration } from '#core';
import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/** A member there is up and not behind: it can be the next primary. */
export const database: ReadinessCheck = {
  name: 'database',
  look: async ({ replicaSet, plan }, { to }) => {
    const { members } = await replicaSet.look();
    const there = members.filter(({ region }) => region === to);
    const silent = there.filter(({ state }) => state !== 'primary' && state !== 'secondary');
    if (there.length === 0) return notReady([`${to} has no member`], '/dr members');
    if (silent.length > 0) {
      const hosts = silent.map(({ host, state }) => `${host} (${state})`).join(', ');
      return notReady([`not well: ${hosts}`], '/dr members');
    }
    const ahead = members.find(({ state }) => state === 'primary')?.appliedAt?.getTime();
    const applied = Math.max(...there.map(({ appliedAt }) => appliedAt?.getTime() ?? 0));
    if (ahead === undefined) return notReady(['there is no primary'], '/dr status');
    const lagMs = Math.max(0, ahead - applied);
    const words = [`${there.length} of ${there.length} members up, ${formatDuration(lagMs)} behind`];
    const limitMs = plan.failover.replicationLagLimitSeconds * 1_000;
    return lagMs <= limitMs ? ready(words) : notReady(words, '/dr members');
  },
};
