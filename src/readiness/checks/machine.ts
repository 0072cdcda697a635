import { DrError } from '#core';
import { databaseHostOf } from '#plan';
import { unfitToFound } from '#ports';
import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/** The machine on which a cold region's database would be founded answers through its agent, and nothing is on it. */
export const machine: ReadinessCheck = {
  name: 'machine',
  look: async ({ plan, machines }, { to }) => {
    const host = databaseHostOf(plan, to);
    if (host === undefined) throw new DrError('UNEXPECTED', 'bug', `${to} has no machine to look at.`);
    if (!machines) return notReady([`HOLDFAST_MEMBER_AGENTS names no agent for ${host}`], 'docs/member-agent.md');
    const reasons = unfitToFound(await machines.look(host), to);
    return reasons.length === 0
      ? ready([`${host} waits, with nothing on it`])
      : notReady([reasons.join('; ')], 'dr doctor');
  },
};
