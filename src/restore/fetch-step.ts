import { z } from 'zod';
import { counted, formatBytes, formatDuration, type Text } from '#core';
import { FETCH_HOURS } from '#ports';
import { type ColdSegment, coldSegments, type SegmentRecord, thawSegments } from '#vault';
import { notYet, type StepContext } from '#workflow';
import { openHistory, pointOf, type RestorePoint } from './restore-point.ts';
import type { RestoreWorld } from './restore-world.ts';

const HOUR_MS = 3_600_000;
/** A restore with all its retries, and people who look at it before they swap. */
const READABLE_DAYS = 7;
/** Hours are waited; nobody pays for a question every second. */
const LOOK_MS = 60_000;
/** Twice what the slowest class usually takes, and room for a busy day of the provider's. */
const WITHIN_MS = 60 * HOUR_MS;

export const Fetched = z.object({
  /** What lay in cold storage in every region. */
  objects: z.number().int(),
  bytes: z.number(),
  waitedMs: z.number(),
});
export type Fetched = z.output<typeof Fetched>;

type Context = StepContext<RestorePoint, unknown, RestoreWorld>;

/**
 * Before anything is written: what of the backup and of what it stands on lies in cold storage everywhere is asked for, and
 * waited for, for hours if it takes them. A worker that takes over finds the requests on their way and only waits on.
 */
export const fetchStep = {
  output: Fetched,
  says: () => ({ todo: 'Fetch what lies in cold storage', done: 'all of it can be read at once' }),
  tells: ({ objects, bytes, waitedMs }: Fetched): Text =>
    objects === 0
      ? ['All of it can be read at once.']
      : [
          `${counted(objects, 'object')}, ${formatBytes(bytes)}, fetched from cold storage in ${formatDuration(waitedMs)}; readable for ${READABLE_DAYS} days.`,
        ],
  // Asking again changes nothing, and what is there is seen at the first look.
  observe: async () => notYet,
  run: async ({ world, input, signal, clock, report }: Context): Promise<Fetched> => {
    const segments = await segmentsOf(world, input);
    const beganMs = clock.monotonicMs();
    let cold = await coldSegments(world.vault, segments, signal);
    const asked = { objects: cold.length, bytes: bytesOf(cold) };
    for (let looks = 0; cold.length > 0; looks += 1) {
      await thawSegments(world.vault, cold, READABLE_DAYS, signal);
      const waitedMs = clock.monotonicMs() - beganMs;
      report({ text: waitText(cold, asked, waitedMs), share: 1 - cold.length / asked.objects });
      if (looks > 0) await clock.sleep(LOOK_MS, signal);
      cold = await coldSegments(
        world.vault,
        cold.map(({ segment }) => segment),
        signal,
      );
    }
    return { ...asked, waitedMs: asked.objects === 0 ? 0 : clock.monotonicMs() - beganMs };
  },
  timeoutMs: WITHIN_MS,
  retry: { times: 20, everyMs: 30_000 },
};

/** Of the backup and of all it stands on. What was captured is never cold. */
async function segmentsOf(world: RestoreWorld, input: RestorePoint): Promise<readonly SegmentRecord[]> {
  const history = await openHistory(world.vault, { backupId: pointOf(input).backupId });
  try {
    return history.chain.flatMap(({ manifest }) => manifest.body.segments);
  } finally {
    history.close();
  }
}

const bytesOf = (cold: readonly ColdSegment[]): number =>
  cold.reduce((sum, { segment }) => sum + segment.storedBytes, 0);

function waitText(cold: readonly ColdSegment[], asked: { objects: number; bytes: number }, waitedMs: number): Text {
  const quickest = (each: ColdSegment): number => Math.min(...each.copies.map((copy) => FETCH_HOURS[copy.class] ?? 0));
  const hours = Math.max(...cold.map(quickest));
  return [
    `WAITS for cold storage: ${cold.length} of ${counted(asked.objects, 'object')} (${formatBytes(bytesOf(cold))}) not there yet, `,
    `asked for ${formatDuration(waitedMs)} ago; that usually takes up to ${hours} h. It goes on by itself.`,
  ];
}
