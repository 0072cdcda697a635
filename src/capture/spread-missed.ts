import { hourOf, spreadHour } from '#vault';
import { type CaptureWorld, segmentLock } from './capture-world.ts';

/** Copies to every region what it missed of this hour and the last one while it was away. Idempotent. */
export async function spreadMissed(world: CaptureWorld, timeline: number): Promise<void> {
  const { vault } = world;
  const seconds = Math.floor(vault.clock.now().getTime() / 1000);
  for (const at of [seconds - 3600, seconds]) {
    await spreadHour(vault, timeline, hourOf({ seconds: at, increment: 0 }), segmentLock(world));
  }
}
