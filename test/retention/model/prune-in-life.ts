import { asDrError, DrError } from '#core';
import { mark, sweep } from '#retention';
import { MARKS, readMarks } from '#vault';
import { pick } from '../../e2e/scenarios/seeded.ts';
import { backUp } from './machines.ts';
import { broken, offeredHalf, type Reach } from './oracle.ts';
import { hold, restore } from './people.ts';
import { isCrash, never, type Scene } from './scene.ts';
import type { Before } from './tripping-store.ts';

/** How often somebody else comes in between: most of all where it matters, while marks change and things go. */
const oddsOf = (call: string, key: string): number =>
  call === 'deleteVersion' || (call === 'put' && key === MARKS) ? 0.05 : 0.002;

/** Mark or sweep, with others taking their turn between its calls, until it ends or is killed. */
export async function maintain(scene: Scene, what: 'mark' | 'sweep'): Promise<void> {
  const crash = scene.quiet ? async () => undefined : scene.mayCrash(0.001);
  let busy = false;
  const before: Before = async (call, key) => {
    await crash(call, key);
    if (busy || scene.quiet || scene.random() > oddsOf(call, key)) return;
    busy = true;
    scene.tally.interlopers += 1;
    await pick(scene.random, [
      () => restore(scene),
      () => hold(scene),
      () => backUp(scene),
      () => scene.jump(),
    ] as const)();
    busy = false;
  };
  const silent = !scene.quiet && scene.random() < 0.05 ? pick(scene.random, [0, 1] as const) : undefined;
  if (silent !== undefined)
    scene.stores[silent]?.failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'silent'));
  const reach = scene.reach();
  try {
    const world = scene.world(before);
    if (what === 'mark') {
      await mark(world, never);
      scene.tally.marks += 1;
    } else {
      const names = Object.keys((await readMarks(world.vault)).marks);
      const { removed } = await sweep(world, new Set(names), never);
      scene.tally.sweeps += 1;
      scene.tally.removed += removed.length;
    }
  } catch (thrown) {
    explain(scene, thrown);
  } finally {
    if (silent !== undefined) scene.stores[silent]?.failWith(undefined);
  }
  judge(scene, what, reach);
}

function explain(scene: Scene, thrown: unknown): void {
  const error = asDrError(thrown);
  if (isCrash(thrown)) return;
  if (error.kind === 'transient') return;
  if (error.code === 'PRUNE_REFUSED' && error.kind === 'permanent') {
    scene.tally.refusals += 1;
    return;
  }
  scene.faults.push(`${error.code} ${error.message} ${JSON.stringify(error.data).slice(0, 300)}`);
}

function judge(scene: Scene, what: string, before: Reach): void {
  const after = scene.reach();
  const faults = broken(before, after, scene.truth, scene.there());
  const offered = new Set(scene.offered());
  faults.push(...offeredHalf(scene.truth, after, (each) => offered.has(each)));
  for (const fault of faults) scene.faults.push(`${scene.now().toISOString()} after ${what}: ${fault}`);
  forget(scene);
}

/** What went for good, and rightly, is not asked about again. */
function forget(scene: Scene): void {
  const there = scene.there();
  const { backups, pieces } = scene.truth;
  backups.splice(0, backups.length, ...backups.filter((each) => each.keys.some((key) => there.has(key))));
  pieces.splice(0, pieces.length, ...pieces.filter(({ key }) => there.has(key)));
}
