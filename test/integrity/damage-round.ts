import type { BackupId } from '#core';
import type { OplogTime } from '#ports';
import { restoreBeside, verifyBeside } from '#restore';
import { archiveHours, type Lost, listBackups, listTimelines, reachSecond, type Vault, withoutLost } from '#vault';
import { captureBench } from '../capture/capture-bench.ts';
import { changeAndLook, compareAtRandom, type Seen } from '../capture/every-change.ts';
import { pick, type Seeded } from '../e2e/scenarios/seeded.ts';
import { never, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { verifyBench } from './carry-verify.ts';
import { harmEverywhere, harmOne } from './harms.ts';
import { rememberWhole } from './whole-vault.ts';

export interface DamageRound {
  readonly uri: string;
  readonly database: string;
  readonly random: Seeded;
  /** So many objects are harmed, some at a time. */
  readonly harms: number;
  /** Whether what was captured is archived before. */
  readonly archived: boolean;
  readonly note: (what: string) => void;
}

const DAY_MS = 86_400_000;

/**
 * Backups and capture under random changes, then harm upon harm to objects of all regions, and after each lot a
 * verification. What must hold, by comparing bytes and by restoring: everything wrong was found and counted; what some
 * region had whole is what it was in every region again, each of which restores alone; what is lost is named; and whatever
 * is restored before or after is as it was seen, or is refused. Returns what did not hold.
 */
export async function runDamageRound({ uri, database, random, harms, archived, note }: DamageRound): Promise<string[]> {
  const { vault, stores, keys } = memoryVault();
  const engine = await openEngine(uri, database, vault, 'primary');
  const capture = captureBench(uri, database, vault);
  const wrong: string[] = [];
  try {
    capture.start();
    await changeAndLook(engine.db, engine.client, random, 3);
    await capture.caughtUp();
    const ends: { backup: BackupId; end: OplogTime }[] = [];
    const seen: Seen[] = [];
    for (let backups = 0; backups < 2; backups += 1) {
      const { header } = await engine.backUp();
      ends.push({ backup: header.backup, end: header.window.end });
      seen.push(...(await changeAndLook(engine.db, engine.client, random, 12)));
      await capture.caughtUp();
    }
    if (archived) await archiveAll(engine, capture, vault);
    await capture.stop();
    const world = { vault, engine, seen, ends, random };
    const whole = await rememberWhole(stores);
    const { verify } = verifyBench(later(vault));
    const [first, ...others] = stores;
    const [oneKey, ...otherKeys] = whole.keys;
    if (!first || !oneKey) throw new Error('the vault is empty');
    for (let done = 0; done < harms; ) {
      const lot = Math.min(harms - done, 1 + Math.floor(random() ** 2 * whole.keys.length * 1.5));
      const harmed: string[] = [];
      for (let each = 0; each < lot; each += 1) {
        const what = await harmOne([first, ...others], [oneKey, ...otherKeys], random);
        if (what) harmed.push(what);
      }
      done += lot;
      const [captured, ...more] = whole.keys.filter((key) => /^(capture|archive)/.test(key));
      if (captured && random() < 0.3) {
        const what = await harmEverywhere([first, ...others], [captured, ...more], random);
        if (what) harmed.push(what);
        done += stores.length;
      }
      const before = await whole.wrongNow();
      const whereWhole = await whole.wholeSomewhere();
      wrong.push(...(await neverSilent(world)));
      const run = await verify({ kind: 'all' });
      const found = run.captured;
      if (!found) {
        wrong.push(`the verification ended with ${run.failure?.code}: ${run.failure?.message}`);
        break;
      }
      const after = await whole.wrongNow();
      // every copy that was wrong and could be healed is what it was
      for (const [key, regions] of after) {
        const isWhole = (each: string): boolean =>
          ofCapture(each) ? whereWhole.has(each) : (before.get(each)?.length ?? 0) < stores.length;
        if ([key, ...opensWith(key, whole.keys)].every(isWhole))
          wrong.push(`${key} is still wrong in ${regions.join(', ')}: ${harmedOf(harmed, key)}`);
      }
      const healed = [...before].filter(([key]) => ofCapture(key) && !after.has(key));
      const copies = healed.reduce((sum, [, regions]) => sum + regions.length, 0);
      if (copies !== found.healedCopies)
        wrong.push(`${copies} copies were healed, ${found.healedCopies} were said to be`);
      const isLost = found.lost.length > 0 || run.findings.some(({ restorable }) => !restorable);
      const isWrong = [...after.keys()].some((key) => !key.startsWith('archive/') || found.rebuilt === 0);
      if (isWrong && !isLost && found.spare === 0 && !run.findings.some(({ damage }) => damage.length > 0)) {
        for (const key of after.keys()) {
          if (key.startsWith('keys/') && (await sameEverywhere(vault.stores, key))) continue;
          wrong.push(`nothing was said of ${key}: ${harmedOf(harmed, key)}`);
        }
      }
      if (!isWrong && run.state !== 'done') wrong.push(`all is whole, and ${run.failure?.message}`);
      wrong.push(...(await neverSilent(world)));
      wrong.push(...(await reachableIsTrue(world, found.lost)));
      if (!isWrong)
        for (const [index, store] of stores.entries()) wrong.push(...(await alone(world, store, keys[index])));
      note(
        `${harmed.length} harmed; ${copies} healed, ${found.rebuilt} made anew, ${found.lost.length} lost, ${found.spare} spare`,
      );
      if (isWrong || random() < 0.2) await whole.putBack();
      if (wrong.length > 0) break;
    }
    return wrong;
  } finally {
    await capture.stop();
    await engine.close();
  }
}

/** Of a key that no region has as it was, the best copy may be what all have now: it opens, if not in every region. */
async function sameEverywhere(stores: Vault['stores'], key: string): Promise<boolean> {
  const copies = await Promise.all(stores.map((store) => store.get(key).catch(() => undefined)));
  const [first, ...others] = copies;
  return first !== undefined && others.every((other) => other?.equals(first));
}

const ofCapture = (key: string): boolean => /^(capture|archive|keys\/(capture|archive)-)/.test(key);

/** What must be whole somewhere too for an object to be told from nonsense: its key, and a backup's manifest. */
function opensWith(key: string, all: readonly string[]): string[] {
  const [area, second = '', third = ''] = key.split('/');
  if (area === 'capture' || area === 'archive')
    return all.filter((each) => each.startsWith(`keys/${area}-${second}-${third}-`));
  const backup = area === 'keys' ? second.slice(0, 16) : `${second}-${third}`;
  return ofCapture(key)
    ? []
    : all.filter(
        (each) => each.startsWith(`keys/${backup}`) || each === `manifests/${backup.slice(0, 4)}/${backup.slice(5)}`,
      );
}

const harmedOf = (harmed: readonly string[], key: string): string =>
  harmed.filter((what) => what.includes(key)).join('; ');

/** The same vault a quarter of an hour later: whatever a region was still to get is there by then. */
const later = (vault: Vault): Vault => ({
  ...vault,
  clock: { ...vault.clock, now: () => new Date(vault.clock.now().getTime() + 900_000) },
});

interface World {
  readonly vault: Vault;
  readonly engine: Awaited<ReturnType<typeof openEngine>>;
  readonly seen: readonly Seen[];
  readonly ends: readonly { readonly backup: BackupId; readonly end: OplogTime }[];
  readonly random: Seeded;
}

/** A restore swapped in ends the timeline, so that its hours are over and are archived. */
async function archiveAll(
  { db }: World['engine'],
  capture: ReturnType<typeof captureBench>,
  vault: Vault,
): Promise<void> {
  await db.collection('__hf_R1_copy').insertOne({ restored: true });
  await db.collection('__hf_R1_copy').rename('swapped');
  await capture.caughtUp();
  const lock = { mode: 'governance', until: new Date(Date.now() + DAY_MS) } as const;
  await archiveHours({ vault, lock, durableRegions: 2, signal: never() });
}

/** Some moment restored whatever state the vault is in: as it was seen, or refused. */
async function neverSilent(world: World, vault = world.vault): Promise<string[]> {
  const { engine, seen, random } = world;
  const of = pick(random, world.ends as [World['ends'][0]]);
  try {
    return await compareAtRandom(engineOn(engine, vault), { vault, ...of }, seen, { random, points: 2 });
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'BACKUP_DAMAGED' || code === 'KEY_REFUSED' || code === 'BACKUP_UNKNOWN') return [];
    throw thrown;
  } finally {
    await dropCopies(engine);
  }
}

/** What the window says can be restored is restored; nothing lost is in it. */
async function reachableIsTrue(world: World, lost: readonly Lost[]): Promise<string[]> {
  const { vault, engine, seen, random } = world;
  const { backups } = await listBackups(vault, { limit: 100 });
  const parts = withoutLost((await listTimelines(vault)).timelines, lost);
  const was = pick(random, seen as [Seen]);
  const reached = reachSecond(new Date(was.at.seconds * 1000), backups, parts);
  if (!reached) return [];
  const of = world.ends.find(({ backup }) => backup === reached.backup);
  if (!of || reached.timeline !== 1) return [];
  const inReach = seen.filter(({ at }) => at.seconds <= was.at.seconds && at.seconds >= of.end.seconds);
  if (!inReach.some(({ at }) => at.seconds > of.end.seconds || at.increment > of.end.increment)) return [];
  try {
    return await compareAtRandom(engine, { vault, ...of }, inReach, { random, points: 1 });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return [`${was.at.seconds} is said to be in reach of ${reached.backup}, and ${message}`];
  } finally {
    await dropCopies(engine);
  }
}

async function alone(
  world: World,
  store: Vault['stores'][0],
  service: Vault['keys'][0] | undefined,
): Promise<string[]> {
  if (!service) throw new Error(`${store.region} has no key service`);
  const vault: Vault = { ...world.vault, stores: [store], keys: [service] };
  const of = pick(world.random, world.ends as [World['ends'][0]]);
  try {
    const found = await compareAtRandom(engineOn(world.engine, vault), { vault, ...of }, world.seen, {
      random: world.random,
      points: 1,
    });
    return found.map((each) => `${store.region} alone: ${each}`);
  } catch (thrown) {
    return [`${store.region} alone: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
  } finally {
    await dropCopies(world.engine);
  }
}

/** The engine, restoring from another vault. */
function engineOn(engine: World['engine'], vault: Vault): World['engine'] {
  const more = { vault, target: engine.target, signal: never() };
  return {
    ...engine,
    restore: (backupId, runId, until) =>
      restoreBeside({ ...more, point: { backupId, ...(until ? { until } : {}) }, runId }),
    verify: (backupId, runId, until) =>
      verifyBeside({ ...more, point: { backupId, ...(until ? { until } : {}) }, runId, where: 'beside' }),
  };
}

async function dropCopies({ db }: World['engine']): Promise<void> {
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    if (name.startsWith('__hf_')) await db.collection(name).drop();
  }
}
