import { BackupId, RequestId } from '#core';
import type { ManifestFacts } from '#retention';
import { DAY_MS, type Scene } from './scene.ts';

/** What runs by itself: backups, and the capture of the log. */
const hex = (seconds: number): string => `${seconds.toString(16).padStart(8, '0')}00000001`;

/** Begins a backup. It may be done at once, take days, or never be finished. */
export async function backUp(scene: Scene): Promise<void> {
  const at = scene.now().toISOString();
  const [year, backup] = [
    scene.now().getUTCFullYear(),
    BackupId.parse(`B-${at.slice(5, 7)}${at.slice(8, 10)}-${at.slice(11, 13)}${at.slice(14, 16)}`),
  ];
  const name = `${year}/${backup}`;
  if (scene.truth.backups.some((each) => each.name === name) || scene.unfinished.some((each) => each.name === name))
    return;
  const attempt = `a${scene.runs}`;
  const newest = scene.restorableNewest();
  const parent = newest && scene.random() < 0.5 ? newest : undefined;
  const segments = [0, 1]
    .slice(0, 1 + Math.floor(scene.random() * 2))
    .map((index) => `segments/${name}/${attempt}/documents-00000${index}`);
  const keyKey = `keys/${year}-${backup}-${attempt}/0001`;
  for (const key of [keyKey, ...segments]) await scene.put(key, 'x'.repeat(10), scene.firstLockDays);
  const run = scene.nextRun();
  const finish = async (): Promise<void> => {
    // a parent that went meanwhile would be a fault of prune, and of nobody else
    const endSeconds = Math.floor(scene.ms / 1000) - 5;
    const facts: ManifestFacts = {
      attempt,
      kind: parent ? 'incremental' : 'full',
      parent: parent && { year: parent.year, backup: parent.backup },
      start: { seconds: endSeconds - 60, increment: 1 },
      end: { seconds: endSeconds, increment: 1 },
      segments,
      regions: scene.stores.map(({ region }) => region),
    };
    const manifest = `manifests/${name}`;
    await scene.put(manifest, JSON.stringify(facts), scene.firstLockDays);
    scene.truth.backups.push({
      name,
      year,
      backup,
      kind: facts.kind,
      parent,
      endSeconds,
      keys: [manifest, ...segments, keyKey],
    });
    scene.tally.backups += 1;
  };
  const dice = scene.random();
  if (dice < 0.8) return finish();
  const alive = dice < 0.94;
  // prune sees it in the journal from its beginning, but not where the journal itself was lost: then only its youth counts
  if (alive && dice < 0.87) scene.inUse.set(run, { backup, run: RequestId.parse(run), what: 'backup' });
  // nothing takes longer than the grace period, and most much shorter
  const endsMs = scene.ms + scene.random() * 0.99 * scene.policy.graceDays * DAY_MS;
  scene.unfinished.push({
    name,
    keys: [keyKey, ...segments],
    endsMs,
    finish: alive ? async () => finish().then(() => void scene.inUse.delete(run)) : undefined,
  });
}

/** Backups under way are done at their hour. */
export async function finishUntil(scene: Scene, nextMs: number): Promise<void> {
  const due = scene.unfinished.filter(({ finish, endsMs }) => finish && endsMs <= nextMs);
  for (const each of due.sort((a, b) => a.endsMs - b.endsMs)) {
    scene.ms = Math.max(scene.ms, Math.floor(each.endsMs));
    await each.finish?.();
    scene.unfinished.splice(scene.unfinished.indexOf(each), 1);
  }
  scene.ms = nextMs;
}

/** The log since the last time, in a piece or two; sometimes there is a gap, or another timeline. */
export async function capture(scene: Scene): Promise<void> {
  const nowSeconds = Math.floor(scene.ms / 1000);
  if (scene.captured === 0 || scene.random() < 0.06) scene.captured = nowSeconds - 600;
  if (scene.random() < 0.03) scene.timeline += 1;
  const timeline = String(scene.timeline).padStart(4, '0');
  const cuts = [
    scene.captured,
    ...(scene.random() < 0.5 ? [Math.floor((scene.captured + nowSeconds) / 2)] : []),
    nowSeconds,
  ];
  for (const [index, from] of cuts.slice(0, -1).entries()) {
    const through = cuts[index + 1] ?? from;
    if (through <= from) continue;
    const hour = new Date(through * 1000).toISOString().slice(0, 13);
    const key = `capture/${timeline}/${hour}/${hex(from)}-${hex(through)}-t${index}`;
    const opensWith = `keys/capture-${timeline}-${hour}-t/0001`;
    await scene.put(opensWith, 'k', 1);
    await scene.put(key, 'c', 1);
    scene.truth.pieces.push({ timeline, from, through, key, opensWith });
  }
  scene.captured = nowSeconds;
}
