import { z } from 'zod';
import { DrError, say } from '#core';
import { isAtLeast } from '#ports';
import { notYet } from '#workflow';
import { settleRoles } from '../move-primary.ts';
import { scaleUp } from '../services.ts';
import { backward, type Context, moverOf, replicasIn, type Step } from './step.ts';

export const Synced = z.object({ members: z.number().int(), ready: z.number().int() });
export type Synced = z.output<typeof Synced>;

/**
 * Failback, step 2: the region's members have all data, its services full size, before any driver comes. Votes come last, when
 * the primary moves: until then the region can be lost once more, and the other one goes on taking writes.
 */
export const sync: Step<unknown, Synced> = {
  output: Synced,
  says: ({ facts }) => ({ todo: `Bring ${facts.to} level: data, services`, done: `${facts.to} is level` }),
  tells: ({ members, ready }, { facts }) =>
    say`${facts.to} is level: ${members} members caught up, ${ready} services ready.`,
  observe: async (context) => {
    const { facts } = context.input;
    const [view, services, fence] = await Promise.all([
      context.world.replicaSet.look(),
      context.world.clusters.replicas(facts.to),
      context.world.fence.look(facts.to),
    ]);
    const here = view.members.filter(({ region }) => region === facts.to);
    const level = here.every(({ state }) => state === 'secondary');
    if (!level || fence.lease === 'closed' || services.ready < replicasIn(facts.replicasAfter, facts.to)) return notYet;
    return { happened: true, output: { members: here.length, ready: services.ready } };
  },
  run: async (context) => {
    const { facts } = context.input;
    // Early, so that instances there have renewed long before a driver comes.
    await context.world.fence.open(facts.to, context.runId);
    const members = await catchUpRegion(context);
    const { ready } = await scaleUp(context, facts.to, replicasIn(facts.replicasAfter, facts.to));
    return { members, ready };
  },
  undo: async (context) => {
    const { world, input, runId } = context;
    await world.fence.close(input.facts.to, runId);
    await settleRoles(moverOf(context), backward(context).after);
    await world.clusters.scale(input.facts.to, replicasIn(input.facts.replicasBefore, input.facts.to));
  },
  timeoutMs: 1_800_000,
  retry: { times: 10, everyMs: 2_000 },
};

/**
 * Each member must have applied, by its own word, all that the primary had when we began. A member that was too long
 * away for the primary's oplog never gets there: it needs a new copy, and the step says so when its time is up.
 */
async function catchUpRegion({ world, clock, signal, input, report }: Context): Promise<number> {
  const { replicaSet, settings } = world;
  const wanted = await replicaSet.appliedOn(await replicaSet.primary());
  const hosts = input.facts.membersAfter.filter(({ region }) => region === input.facts.to).map(({ host }) => host);
  const startedMs = clock.monotonicMs();
  for (let behind = hosts; ; ) {
    const still: string[] = [];
    for (const host of behind) if (!isAtLeast(await replicaSet.appliedOn(host), wanted)) still.push(host);
    if (still.length === 0) return hosts.length;
    if (clock.monotonicMs() - startedMs > settings.failback.durationMs) {
      throw new DrError('TIMED_OUT', 'permanent', `${still.join(', ')} did not catch up.`, {
        hint: 'A member that was away for longer than the oplog reaches needs a new copy: empty its data folder, restart it.',
      });
    }
    report({ text: say`${hosts.length - still.length} of ${hosts.length} members caught up.` });
    behind = still;
    await clock.sleep(200, signal);
  }
}
