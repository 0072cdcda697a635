import { releaseBackup } from '#retention';
import { maintain } from './prune-in-life.ts';
import { DAY_MS, never, type Scene } from './scene.ts';
import { chain, type MadeBackup } from './truth.ts';

/** Everybody goes home, the clock is right, nobody crashes: whatever is not needed must go in time. */
export async function rest(scene: Scene): Promise<void> {
  scene.quiet = true;
  scene.skewMs = 0;
  for (const backup of scene.releaseLater)
    await releaseBackup(
      scene.world(async () => undefined),
      backup,
      never,
    );
  for (const [run, backup] of scene.truth.restoring) void [run, scene.truth.restoring.delete(run), backup];
  scene.inUse.clear();
  const { graceDays } = scene.policy;
  const startMs = scene.ms;
  // a clock that stood ahead is waited for; then grace to be old enough, and grace once more from the mark
  for (let day = 0; day <= 3 * graceDays + scene.firstLockDays + 4; day += 1) {
    scene.ms += DAY_MS;
    await maintain(scene, day % 2 === 0 ? 'mark' : 'sweep');
  }
  const oldMs = startMs - 1;
  for (const { name, keys, finish } of scene.unfinished) {
    if (finish) continue;
    const left = keys.find((key) => scene.there().has(key));
    if (left) scene.faults.push(`${left} of ${name} was left by nobody and is still there`);
  }
  await outlived(scene, oldMs);
}

/** Of each past period no more is left than one that stands for it, one nobody doubts, and what those stand on. */
async function outlived(scene: Scene, oldMs: number): Promise<void> {
  const { tiers } = scene.policy;
  const longest = Math.max(...Object.values(tiers).map((term) => ('days' in term ? term.days : term.years * 366)));
  const there = scene.there();
  const left = scene.truth.backups.filter((each) => there.has(each.keys[0] ?? ''));
  const standing = new Set(left.flatMap((each) => chain(each).slice(1)));
  const excused = new Set([...scene.truth.held, ...scene.truth.hidden].flatMap(chain));
  const newest = left.slice(-1 - Math.ceil(scene.policy.continuousDays));
  const unlocked: MadeBackup[] = [];
  for (const each of left) {
    if (standing.has(each) || excused.has(each) || newest.includes(each)) continue;
    const heads = await Promise.all(scene.stores.flatMap((store) => each.keys.map((key) => store.head(key))));
    const free = heads.every(
      (head) => !head || (!head.legalHold && (head.lock === 'none' || head.lock.until <= scene.now())),
    );
    if (free && each.endSeconds * 1000 < oldMs) unlocked.push(each);
  }
  if (scene.truth.hidden.size > 0) return;
  for (const each of unlocked) {
    if (each.endSeconds * 1000 + longest * DAY_MS < scene.ms - 2 * scene.policy.graceDays * DAY_MS) {
      scene.faults.push(`${each.name} is past every term, unlocked, and still there`);
    }
  }
  const middle = unlocked.filter(
    (each) =>
      each.endSeconds * 1000 <
      scene.ms - (('days' in tiers.daily ? tiers.daily.days : 0) + 3 * scene.policy.graceDays) * DAY_MS,
  );
  const weeks = new Set(middle.map(({ endSeconds }) => Math.floor((endSeconds / 86_400 - 4) / 7)));
  // two of a week, of a month and of a year each, and weeks that the model cuts at another hour than the plan's zone
  if (middle.length > 2 * weeks.size + 2 * (weeks.size / 3 + 2)) {
    scene.faults.push(
      `${middle.length} backups are left of ${weeks.size} weeks: ${middle.map(({ name }) => name).join(' ')}`,
    );
  }
}
