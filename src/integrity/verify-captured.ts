import { counted, type RequestId, type Text } from '#core';
import type { ControlStore, OplogTime, Records } from '#ports';
import {
  type CapturedHour,
  hoursOf,
  listBackups,
  listTimelines,
  lostAtEnd,
  lostByName,
  mergeLost,
  type PatientRegions,
  patientRegions,
  restorableWindows,
  type TimelineList,
  type Vault,
  verifyHour,
  withoutLost,
} from '#vault';
import {
  ALL_HOURS,
  type CapturedCheck,
  type FoundLost,
  forgetHours,
  keepCapturedCheck,
  keepHoles,
  MOST_KEPT,
  openCapturedChecks,
  readLost,
} from './captured-checks.ts';
import { type CapturedFindings, type LostSeconds, sumOfChecks } from './captured-findings.ts';
import { hoursToRead, readableHours } from './choose-hours.ts';

export interface CapturedWorld {
  readonly vault: Vault;
  readonly store: ControlStore;
  /** Up to where capture has written down that all is durable; undefined when it never ran. */
  readonly captured: () => Promise<{ readonly timeline: number; readonly through: OplogTime } | undefined>;
}

interface Reading {
  readonly run: RequestId;
  readonly percent: number;
  readonly signal: AbortSignal;
  readonly report: (progress: { readonly text: Text; readonly share: number }) => void;
}

/**
 * Reads captured hours back, every copy in every region, heals what is damaged, and remembers hour by hour what came of
 * it: who begins again after a crash goes on behind the last hour. Damage is a result. Throws what `verifyHour` throws.
 */
export async function verifyCaptured(world: CapturedWorld, reading: Reading): Promise<CapturedFindings> {
  const { vault, store } = world;
  const checks = openCapturedChecks(store);
  const regions = patientRegions(vault, reading.signal);
  const before = await listTimelines(vault);
  const hours = await readableHours(vault, before);
  const known = new Map((await checks.find({ limit: ALL_HOURS })).map(({ value }) => [value.id, value]));
  const toRead = hoursToRead(hours, reading.percent, before, known, reading.run);
  for (const [index, hour] of toRead.entries()) {
    reading.signal.throwIfAborted();
    reading.report({ text: progressText(index, toRead, hour), share: Math.min(0.99, index / toRead.length) });
    await readHour(checks, regions, before, hour, reading.run);
  }
  // in this order: what was written in between is not taken for lost
  const stands = await world.captured();
  const after = await listTimelines(vault);
  const holes = [...lostByName(after.timelines), ...lostAtEnd(after.timelines, stands)];
  const isTold = after.unreachable.length === 0;
  if (isTold) await forgetHours(checks, hoursOf(after.timelines));
  const found = { foundAt: vault.clock.now(), foundBy: reading.run };
  const gone = isTold ? await keepHoles(store, holes, found) : [];
  const mine = (await checks.find({ where: { run: reading.run }, limit: ALL_HOURS })).map(({ value }) => value);
  const lost = [...mine.flatMap((check) => check.lost), ...gone];
  return {
    ...sumOfChecks(mine),
    lost: (await withReach(world, after, lost, reading.run)).slice(0, MOST_KEPT),
    unread: [...new Map([...regions.silentKeys, ...regions.unread])].map(([region, { message }]) => ({
      region,
      problem: message,
    })),
  };
}

async function readHour(
  checks: Records<CapturedCheck>,
  regions: PatientRegions,
  { timelines }: TimelineList,
  hour: CapturedHour,
  run: RequestId,
): Promise<void> {
  const { damage, healed, rebuilt, lost, ...check } = await verifyHour(regions, timelines, hour);
  await keepCapturedCheck(checks, {
    ...check,
    at: regions.vault.clock.now(),
    run,
    damaged: damage.length,
    damage: damage.slice(0, MOST_KEPT),
    healedCopies: healed.length,
    healed: healed.slice(0, MOST_KEPT),
    rebuilt: rebuilt.length,
    lost: mergeLost(lost),
    unread: [...regions.unread.keys()],
  });
}

/** Behind which of what is lost a backup stands, and from when on. */
async function withReach(
  { vault, store }: CapturedWorld,
  { timelines }: TimelineList,
  lost: readonly FoundLost[],
  run: RequestId,
): Promise<LostSeconds[]> {
  if (lost.length === 0) return [];
  const { backups } = await listBackups(vault, { limit: ALL_HOURS });
  const windows = restorableWindows(backups, withoutLost(timelines, await readLost(store)));
  return lost.map((each) => {
    const again = windows.find(({ from }) => from.getTime() >= each.through.seconds * 1000)?.from;
    return { ...each, isNew: each.foundBy === run, ...(again ? { again } : {}) };
  });
}

const progressText = (index: number, hours: readonly CapturedHour[], { hour, timeline }: CapturedHour): Text => [
  `${index} of ${counted(hours.length, 'captured hour')}, now ${hour}:00 of timeline ${timeline}`,
];
