import { formatDuration, type RequestId, say, type Text } from '#core';
import type { RecoveryServer } from '#ports';
import { inThread } from '#record';
import { RestoreStopInput, restoreStopWorkflow } from '#restore';
import { isOver } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';

const HOUR_MS = 3_600_000;

/**
 * Stops recovery servers on this machine that nobody needs: those that somebody stopped through a worker elsewhere, those
 * of a run that came to nothing, and those whose time by the plan is over. Idempotent. Returns whose they were.
 */
export async function sweepRecovery(
  world: Pick<HoldfastWorld, 'restore' | 'journal' | 'timeline' | 'plan' | 'clock'>,
): Promise<RequestId[]> {
  const { restore, timeline } = world;
  const stopped: RequestId[] = [];
  for (const server of await restore.recovery.list()) {
    const why = await whyStop(server, world);
    if (!why) continue;
    await restore.recovery.stop(server.run);
    await timeline.append({
      ...inThread(server.run),
      id: `${server.run}/recovery-stopped`,
      kind: 'note',
      actor: 'holdfast',
      text: why,
      notify: [],
      inThread: true,
    });
    stopped.push(server.run);
  }
  return stopped;
}

async function whyStop(
  { run: id, startedAt }: RecoveryServer,
  { journal, plan, clock }: Pick<HoldfastWorld, 'journal' | 'plan' | 'clock'>,
): Promise<Text | undefined> {
  const run = (await journal.get(id))?.value;
  if (run && !isOver(run)) return undefined;
  if (run?.state !== 'done')
    return say`The recovery mongod of ${id} is stopped, and its data removed: its run came to nothing.`;
  const asked = await journal.find({
    where: { workflow: restoreStopWorkflow.name, state: 'done' },
    sort: { by: 'endedAt', order: 'descending' },
    limit: 200,
  });
  if (asked.some(({ value }) => RestoreStopInput.safeParse(value.input).data?.restore === id)) {
    return say`The recovery mongod of ${id} is stopped, and its data removed, as was asked.`;
  }
  const keepMs = (plan.mongodb.restore.scratch?.keepHours ?? 0) * HOUR_MS;
  if (clock.now().getTime() - startedAt.getTime() < keepMs) return undefined;
  return say`The recovery mongod of ${id} is stopped, and its data removed: its ${formatDuration(keepMs)} are over.`;
}
