import { formatDuration, say } from '#core';
import { askOnSchedule, compareQuietly, dropReplaced, fullTimes } from '#flows';
import { leastDays } from '#plan';
import { createScheduler, defineSchedule, nextDue, type Schedule, type Scheduler } from '#queue';
import { anchorHead } from '#record';
import { lockHolder } from '#workflow';
import type { Holdfast } from './open-holdfast.ts';

const HOUR_MS = 3_600_000;

/** What the plan's calendar asks for. State is in the control store: no queue and no process remembers a deadline. */
export function openScheduler(holdfast: Holdfast): Scheduler {
  const { flow, store, holder, logger, plan } = holdfast;
  return createScheduler({
    store,
    clock: flow.clock,
    holder,
    schedules: schedulesOf(holdfast),
    onLate: async (schedule, dueAt, lateMs) => {
      await flow.timeline.append({
        id: `late/${schedule.name}/${dueAt.toISOString()}`,
        kind: 'alarm',
        actor: 'holdfast',
        text: say`${schedule.name} is late by ${formatDuration(lateMs)}.`,
        notify: [],
        inThread: false,
        data: { schedule: schedule.name, dueAt: dueAt.toISOString(), zone: plan.timeZone },
      });
    },
    onTrouble: (what, error) => logger.warn({ err: error }, what),
  });
}

function schedulesOf({ flow, store, plan }: Holdfast): Schedule[] {
  const { timeZone, mongodb } = plan;
  const fullAt = fullTimes(plan).cron;
  return [
    defineSchedule({
      name: 'mongodb-full',
      cron: fullAt,
      timeZone,
      lateAfterMs: HOUR_MS / 2,
      start: ({ key }) => askOnSchedule('backup mongodb', key, flow),
    }),
    defineSchedule({
      name: 'mongodb-changes',
      cron: mongodb.snapshots.changes,
      timeZone,
      lateAfterMs: HOUR_MS / 2,
      start: async ({ key, dueAt }) => {
        // the full backup's hour, or one that is still under way: what it reads has the changes
        const full = nextDue({ cron: fullAt, timeZone }, new Date(dueAt.getTime() - 1));
        if (full.getTime() === dueAt.getTime()) return;
        if (await lockHolder(flow.locks, flow.journal, 'backup')) return;
        await askOnSchedule('backup mongodb --changes', key, flow, { quiet: true });
      },
    }),
    defineSchedule({
      name: 'vault-scrub',
      cron: mongodb.scrub.at,
      timeZone,
      lateAfterMs: 6 * HOUR_MS,
      start: ({ key }) => askOnSchedule(`verify --percent ${mongodb.scrub.percent}`, key, flow),
    }),
    defineSchedule({
      name: 'catalog-compare',
      cron: mongodb.catalog.compareAt,
      timeZone,
      lateAfterMs: HOUR_MS / 2,
      start: ({ key }) => compareQuietly(key, flow),
    }),
    defineSchedule({
      name: 'keys-rotate',
      cron: mongodb.keys.rotateAt,
      timeZone,
      lateAfterMs: 6 * HOUR_MS,
      start: ({ key }) => askOnSchedule('keys rotate --due', key, flow),
    }),
    defineSchedule({
      name: 'prune-daily',
      cron: mongodb.prune.at,
      timeZone,
      lateAfterMs: 6 * HOUR_MS,
      start: ({ key }) => askOnSchedule('prune daily', key, flow),
    }),
    defineSchedule({
      name: 'record-anchor',
      cron: '7 * * * *',
      timeZone,
      lateAfterMs: HOUR_MS / 2,
      start: async () => {
        await anchorHead(flow.timeline, (anchor) => putAnchor(flow, anchor));
      },
    }),
    defineSchedule({
      name: 'drop-replaced',
      cron: '30 5 * * *',
      timeZone,
      lateAfterMs: 6 * HOUR_MS,
      start: async () => {
        await dropReplaced(flow.world, store);
      },
    }),
  ];
}

/** Where Holdfast itself can't take it back: under Object Lock, in every region that answers; one is enough. */
async function putAnchor(flow: Holdfast['flow'], anchor: { sequence: number }): Promise<void> {
  const { mongodb } = flow.plan;
  const until = new Date(flow.clock.now().getTime() + leastDays(mongodb.retention) * 86_400_000);
  const lock = { mode: mongodb.objectLock, until };
  const body = Buffer.from(JSON.stringify(anchor));
  const key = `record/anchors/${String(anchor.sequence).padStart(12, '0')}.json`;
  await Promise.any(flow.world.backup.vault.stores.map((bucket) => bucket.put(key, body, { lock, ifAbsent: false })));
}
