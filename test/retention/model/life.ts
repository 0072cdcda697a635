import type { RetentionPolicy } from '#retention';
import type { Seeded } from '../../e2e/scenarios/seeded.ts';
import { rest } from './at-rest.ts';
import { backUp, capture, finishUntil } from './machines.ts';
import { doubt, endRestores, hide, hold, release, restore } from './people.ts';
import { maintain } from './prune-in-life.ts';
import { DAY_MS, HOUR_MS, type Planted, Scene, type Tally } from './scene.ts';

/**
 * A vault and the people around it over years, as a seed says: backups, captured log, restores, holds, damage, clocks
 * that are wrong, regions that are silent, and prune among them, which may be killed or joined at any call.
 */
export class Life {
  readonly #scene: Scene;

  constructor(random: Seeded, plant: Planted = (world) => world) {
    this.#scene = new Scene(random, plant);
  }

  get policy(): RetentionPolicy {
    return this.#scene.policy;
  }

  /** What did not hold, in words; none is what a test wants. */
  get faults(): readonly string[] {
    return this.#scene.faults;
  }

  get tally(): Readonly<Tally> {
    return this.#scene.tally;
  }

  /** Lives on for so many days, something every day or so (or `pace` days), then rests and looks at what is left. */
  async live(days: number, pace = 1): Promise<void> {
    const scene = this.#scene;
    const endMs = scene.ms + days * DAY_MS;
    while (scene.ms < endMs && scene.faults.length === 0) {
      const nextMs = scene.ms + Math.floor(pace * (0.05 + scene.random() ** 2 * 2.4) * DAY_MS);
      await finishUntil(scene, nextMs);
      await someone(scene);
    }
    if (scene.faults.length === 0) await rest(scene);
  }
}

async function someone(scene: Scene): Promise<void> {
  const dice = scene.random();
  if (dice < 0.1) scene.skewMs = scene.someSkew();
  if (dice < 0.36) return backUpAndPrune(scene);
  if (dice < 0.56) return capture(scene);
  if (dice < 0.62) return restore(scene);
  if (dice < 0.66) return hold(scene);
  if (dice < 0.69) return release(scene);
  if (dice < 0.71) return doubt(scene);
  if (dice < 0.73) return hide(scene);
  await endRestores(scene);
  if (dice < 0.86) return maintain(scene, 'mark');
  return maintain(scene, 'sweep');
}

/** Prune comes whenever it comes: often enough while a backup is under way. */
async function backUpAndPrune(scene: Scene): Promise<void> {
  const before = scene.unfinished.length;
  await backUp(scene);
  if (scene.unfinished.length === before || scene.random() < 0.5) return;
  for (const what of ['mark', 'sweep'] as const) {
    await finishUntil(scene, scene.ms + HOUR_MS);
    await maintain(scene, what);
  }
}
