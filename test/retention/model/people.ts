import { asDrError, RequestId } from '#core';
import { holdBackup, releaseBackup } from '#retention';
import { FORMAT, readMarks, refuseLeaving } from '#vault';
import { DAY_MS, isCrash, never, type Scene } from './scene.ts';
import { chain, type MadeBackup } from './truth.ts';

/** Somebody wants one of those there are; half the time, as bad luck has it, one that is marked. */
async function wanted(scene: Scene): Promise<MadeBackup | undefined> {
  const offered = scene.offered();
  const { marks } = await readMarks(scene.vault(async () => undefined));
  const marked = offered.filter(({ name }) => Object.keys(marks).some((each) => each.startsWith(`attempt/${name}/`)));
  const among = marked.length > 0 && scene.random() < 0.5 ? marked : offered;
  return among[Math.floor(scene.random() * among.length)];
}

/**
 * As the restore workflow does it: in the journal first, then the look at the marks, then the work. It runs on another
 * machine, whose clock may stand far behind: then only what is written down keeps it from a backup that goes.
 */
export async function restore(scene: Scene): Promise<void> {
  const backup = await wanted(scene);
  const behindMs = scene.random() < 0.5 ? scene.random() * 400 * DAY_MS : 0;
  if (!backup || chain(backup).some((each) => scene.truth.hidden.has(each))) return;
  const run = scene.nextRun();
  scene.inUse.set(run, { backup: backup.backup, run: RequestId.parse(run), what: 'restore' });
  try {
    await refuseLeaving(
      scene.vault(async () => undefined, behindMs),
      backup,
    );
    const missing = chain(backup)
      .flatMap((each) => each.keys)
      .find((key) => !scene.there().has(key));
    if (missing) scene.faults.push(`${run} was let begin with ${backup.name}, and ${missing} is gone`);
    scene.truth.restoring.set(run, backup);
    scene.tally.restores += 1;
  } catch (thrown) {
    if (asDrError(thrown).code !== 'WRONG_STATE') throw thrown;
    scene.inUse.delete(run);
    scene.tally.restoresRefused += 1;
  }
}

export async function endRestores(scene: Scene): Promise<void> {
  for (const [run, backup] of scene.truth.restoring) {
    if (scene.random() < 0.6) continue;
    const missing = chain(backup)
      .flatMap((each) => each.keys)
      .find((key) => !scene.there().has(key));
    if (missing) scene.faults.push(`${run} could not go on: ${missing} is gone`);
    scene.truth.restoring.delete(run);
    scene.inUse.delete(run);
  }
}

export async function hold(scene: Scene): Promise<void> {
  const backup = await wanted(scene);
  if (!backup || scene.truth.held.has(backup)) return;
  const before = scene.quiet ? async () => undefined : scene.mayCrash(0.01);
  try {
    const { year, backup: id } = backup;
    const hold = { format: FORMAT, year, backup: id, at: scene.now(), by: 'Lisa Brown', reason: 'court' } as const;
    await holdBackup(scene.world(before), hold, never);
    scene.truth.held.add(backup);
    scene.releaseLater.delete(backup);
    scene.tally.holds += 1;
  } catch (thrown) {
    if (!isCrash(thrown) && !['WRONG_STATE', 'BACKUP_UNKNOWN'].includes(asDrError(thrown).code)) throw thrown;
  }
}

export async function release(scene: Scene): Promise<void> {
  const backup = [...scene.truth.held][0];
  if (!backup) return;
  scene.truth.held.delete(backup);
  await releaseBackup(scene.world(scene.mayCrash(0.01)), backup, never).catch((thrown: unknown) => {
    if (!isCrash(thrown)) throw thrown;
    scene.releaseLater.add(backup);
  });
}

/** A verification, right or forged, says that a backup can't be restored. */
export async function doubt(scene: Scene): Promise<void> {
  const offered = scene.offered();
  const backup = offered[Math.floor(scene.random() * offered.length)];
  if (!backup) return;
  const check = {
    format: FORMAT,
    year: backup.year,
    backup: backup.backup,
    at: scene.now(),
    verdict: 'DAMAGED',
    regions: [],
    unreachable: [],
    restorable: false,
    damage: [],
  };
  await scene.put(`checks/${backup.name}/${scene.now().toISOString()}`, JSON.stringify(check), 0);
  scene.truth.doubted.add(backup);
}

/** Somebody deletes manifests without naming a version; weeks later somebody finds out. */
export async function hide(scene: Scene): Promise<void> {
  const [hidden] = scene.truth.hidden;
  if (hidden && scene.random() < 0.5) {
    for (const store of scene.stores) {
      for await (const version of store.listVersions(hidden.keys[0] ?? '')) {
        if (version.kind === 'delete-marker') await store.deleteVersion(version.key, version.versionId);
      }
    }
    scene.truth.hidden.delete(hidden);
    return;
  }
  const offered = scene.offered();
  const backup = offered[Math.floor(scene.random() * offered.length)];
  const going = (await readMarks(scene.vault(async () => undefined))).marks;
  if (!backup || hidden || Object.entries(going).some(([name, each]) => each.going && name.includes(backup.name)))
    return;
  for (const store of scene.stores) store.hide(backup.keys[0] ?? '');
  scene.truth.hidden.add(backup);
}
