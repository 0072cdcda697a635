import { repeat } from '#core';
import { createLeadership } from '#record';
import type { DetectorWorld } from './detector-world.ts';
import { createJudge } from './judge-under-lease.ts';
import { keepTime } from './keep-time.ts';
import { createReporter } from './reporter.ts';
import { createRounds } from './run-round.ts';

/** One detector speaks for a region; another that waits there takes over after this. */
const LEASE_MS = 10_000;
const TURN_MS = 2_000;

/**
 * Looks at everything every `interval_seconds`, writes down what it saw, and judges when it is the one who does, until the
 * signal ends it. Goes on looking while the control store does not answer. Never rejects.
 */
export async function runDetector(world: DetectorWorld, signal: AbortSignal): Promise<void> {
  const { plan, region, leases, holder, clock, probes, onTrouble } = world;
  const { intervalSeconds, probeTimeoutSeconds } = plan.detection;
  const speaking = createLeadership({ leases, clock, name: `detector/${region}`, holder, ttlMs: LEASE_MS });
  const rounds = createRounds({ probes, withinMs: probeTimeoutSeconds * 1_000, clock });
  const reporter = createReporter(world);
  const judge = createJudge(world);
  let speaks: Promise<boolean> | undefined;
  // Asked by both loops: together, not each on its own. Without an answer it looks: two reports are better than none.
  const isSpeaker = (): Promise<boolean> => {
    speaks ??= speaking
      .hold(0)
      .catch(() => true)
      .finally(() => {
        speaks = undefined;
      });
    return speaks;
  };
  const looking = keepTime(
    intervalSeconds * 1_000,
    async () => {
      if (!(await isSpeaker())) return;
      const startMs = clock.monotonicMs();
      const seen = await rounds.round();
      await reporter.report(seen, clock.monotonicMs() - startMs, speaking.isNew());
    },
    { clock, signal, onFailure: (error) => onTrouble('a round', error) },
  );
  const judging = repeat(
    TURN_MS,
    async () => {
      await isSpeaker();
      await judge.judgeIfDue();
    },
    { clock, signal, onFailure: (error) => onTrouble('the judging', error) },
  );
  await Promise.all([looking, judging]);
  await Promise.all([speaking.giveUp(), judge.giveUp()]).catch((error: unknown) => onTrouble('the end', error));
}
