import { z } from 'zod';
import { asDrError, DrError } from '#core';
import { type ObjectStore, StorageClass } from '#ports';
import { type BackupPlace, FORMAT } from './format.ts';
import { heldSomewhere } from './holds.ts';
import { MARKS } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** One thing that is to go. */
export const PruneMark = z.object({
  since: z.coerce.date(),
  /** When it may be deleted at the earliest. */
  ripeAt: z.coerce.date(),
  /** Its deletion has begun: it can no longer be held or restored. */
  going: z.boolean(),
});
export type PruneMark = z.output<typeof PruneMark>;

/** What prune remembers between its runs, by unit: `attempt/2026/B-1123-0800/1a2b3c4d`. */
export const PruneMarks = z.object({
  format: z.literal(FORMAT),
  /** When it was written, by the writer's clock. */
  at: z.coerce.date(),
  marks: z.record(z.string(), PruneMark),
  /** Until when a unit's versions, so many of them, were locked by us: what need not be asked again. */
  locks: z.record(z.string(), z.object({ until: z.coerce.date(), versions: z.number().int() })),
  /** To which class a unit's data, so many versions, was told to move. */
  classes: z.record(z.string(), z.object({ class: StorageClass, versions: z.number().int() })).optional(),
});
export type PruneMarks = z.output<typeof PruneMarks>;

const NONE: PruneMarks = { format: FORMAT, at: new Date(0), marks: {}, locks: {} };

/**
 * What all regions agree on. A mark that one region lacks is none, and one is as young as the youngest: a write that
 * got half way never makes anything go sooner. But what is going in one region is going. Throws OBJECT_STORE_* while a
 * region is silent.
 */
export async function readMarks({ stores }: Vault): Promise<PruneMarks> {
  const all = await Promise.all(stores.map(marksIn));
  const [first, ...others] = all.map((found) => found ?? NONE);
  if (!first) return NONE;
  const names = new Set(all.flatMap((found) => Object.keys(found?.marks ?? {})));
  const marks = [...names].flatMap((name): [string, PruneMark][] => {
    const found = all.map((each) => each?.marks[name]);
    const known = found.filter((mark) => mark !== undefined);
    const going = known.some((mark) => mark.going);
    if (!going && known.length < found.length) return [];
    const youngest = known.reduce((a, b) => (b.ripeAt > a.ripeAt ? b : a));
    return [[name, { ...youngest, going }]];
  });
  const locks = Object.entries(first.locks).filter(([name, { until, versions }]) =>
    others.every(({ locks: theirs }) => {
      const same = theirs[name];
      return same?.until.getTime() === until.getTime() && same.versions === versions;
    }),
  );
  const classes = Object.entries(first.classes ?? {}).filter(([name, { class: storageClass, versions }]) =>
    others.every(({ classes: theirs }) => {
      const same = theirs?.[name];
      return same?.class === storageClass && same.versions === versions;
    }),
  );
  const at = [first, ...others].reduce((latest, each) => (each.at > latest ? each.at : latest), first.at);
  return {
    ...{ format: FORMAT, at, marks: Object.fromEntries(marks), locks: Object.fromEntries(locks) },
    classes: Object.fromEntries(classes),
  };
}

/**
 * To which class the data of a backup was told to move, as any region that answers remembers it; whether it lies there yet
 * the bucket knows. Undefined: it was told nothing.
 */
export async function toldClass(vault: Vault, { year, backup }: BackupPlace): Promise<StorageClass | undefined> {
  const found = await Promise.all(vault.stores.map((store) => marksIn(store).catch(() => undefined)));
  for (const { classes = {} } of found.filter((marks) => marks !== undefined)) {
    const name = Object.keys(classes).find((each) => each.startsWith(`attempt/${year}/${backup}/`));
    if (name) return classes[name]?.class;
  }
  return undefined;
}

/** Writes them into every region. Older versions stay until `tidyMarks`. Throws while a region is silent. */
export async function writeMarks({ stores }: Vault, marks: PruneMarks): Promise<void> {
  const body = Buffer.from(JSON.stringify(marks), 'utf8');
  for (const store of stores) await store.put(MARKS, body, { lock: 'none', ifAbsent: false });
}

/** Deletes the versions before the current one: apart from writing, because whoever only marks need not be able to. */
export async function tidyMarks({ stores }: Vault): Promise<void> {
  for (const store of stores) {
    for await (const { key, current, versionId } of store.listVersions(MARKS)) {
      if (key === MARKS && !current) await store.deleteVersion(MARKS, versionId);
    }
  }
}

/** When the buckets say that the marks were written last, oldest and newest; undefined before the first time. */
export async function marksWrittenAt({ stores }: Vault): Promise<{ oldest: Date; newest: Date } | undefined> {
  const times: number[] = [];
  for (const store of stores) {
    for await (const { key, current, writtenAt } of store.listVersions(MARKS)) {
      if (key === MARKS && current) times.push(writtenAt.getTime());
    }
  }
  if (times.length === 0) return undefined;
  return { oldest: new Date(Math.min(...times)), newest: new Date(Math.max(...times)) };
}

/** How long before its time a mark already keeps a restore from beginning: two clocks never agree. */
const MARGIN_MS = 3_600_000;

/**
 * Throws WRONG_STATE (user) when the backup may be deleted while somebody works with it. Asked by a run once it is in
 * the journal: prune looks there after it marked a backup as going and before it deletes, so one of both sees the other.
 * A region that is silent says nothing. A hold is the way out.
 */
export async function refuseLeaving(vault: Vault, place: BackupPlace): Promise<void> {
  const prefix = `attempt/${place.year}/${place.backup}/`;
  const now = vault.clock.now().getTime();
  for (const store of vault.stores) {
    const found = await marksIn(store).catch(onlySilent);
    for (const [name, mark] of Object.entries(found?.marks ?? {})) {
      if (!name.startsWith(prefix)) continue;
      if (mark.going) throw leaving(place, 'is being deleted', 'Choose another: /dr backups');
      if (mark.ripeAt.getTime() - MARGIN_MS > now || (await heldSomewhere(vault, place))) continue;
      throw leaving(
        place,
        'is past its term and may be deleted at any moment',
        `Keep it: /dr backups hold ${place.backup} --reason "..."`,
      );
    }
  }
}

/** So long before it may go, nobody mends it any more. */
const LEAVING_MS = 2 * 86_400_000;

/** What any region says is going or may go within two days, by unit. A region that can't be read says nothing. */
export async function leavingUnits(vault: Vault): Promise<string[]> {
  const soon = vault.clock.now().getTime() + LEAVING_MS;
  const found = await Promise.all(vault.stores.map((store) => marksIn(store).catch(() => undefined)));
  return found.flatMap((marks) =>
    Object.entries(marks?.marks ?? {}).flatMap(([unit, mark]) =>
      mark.going || mark.ripeAt.getTime() <= soon ? [unit] : [],
    ),
  );
}

const leaving = ({ backup }: BackupPlace, how: string, hint: string): DrError =>
  new DrError('WRONG_STATE', 'user', `${backup} ${how}. Nothing was changed.`, { hint });

async function marksIn(store: ObjectStore): Promise<PruneMarks | undefined> {
  try {
    return PruneMarks.safeParse(JSON.parse((await store.get(MARKS)).toString('utf8'))).data;
  } catch (thrown) {
    const error = asDrError(thrown);
    // nonsense is as good as nothing: what it says would only make something go later
    if (error.code === 'NOT_FOUND' || thrown instanceof SyntaxError) return undefined;
    throw error;
  }
}

function onlySilent(thrown: unknown): undefined {
  const error = asDrError(thrown);
  if (error.kind !== 'transient') throw error;
  return undefined;
}
