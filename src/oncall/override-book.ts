import { z } from 'zod';
import { OverrideId, type Role, Role as RoleSchema } from '#core';
import { type ControlStore, changeRecord, insertNew, type Records } from '#ports';
import { endOf, Override } from './override.ts';

/**
 * All overrides of one role, in one record: whether two of them overlap is then decided by one compare-and-set, and the two
 * halves of a swap are there both or not at all.
 */
const Book = z.object({ id: RoleSchema, overrides: z.array(Override) });
type Book = z.output<typeof Book>;

/** What ended longer ago is kept apart, so that the book that every page reads stays short. */
const APART_AFTER_MS = 90 * 24 * 60 * 60_000;
const MOST_ROLES = 100;

const booksIn = (store: ControlStore): Records<Book> => store.records('oncall-overrides', Book);
const endedIn = (store: ControlStore): Records<Override> => store.records('oncall-overrides-ended', Override);

/** Every override that is in force or to come, and those that ended lately. Throws STORE_UNAVAILABLE (transient). */
export async function readOverrides(store: ControlStore): Promise<readonly Override[]> {
  const books = await booksIn(store).find({ limit: MOST_ROLES });
  return books.flatMap(({ value }) => value.overrides);
}

/** One override, however long ago it ended. */
export async function findOverride(store: ControlStore, id: OverrideId): Promise<Override | undefined> {
  const found = (await readOverrides(store)).find((override) => override.id === id);
  return found ?? (await endedIn(store).get(id))?.value;
}

/**
 * Changes a role's overrides by compare-and-set. `change` may be called several times, and may throw; undefined leaves them
 * as they are. Returns them as they are then. Repeatable.
 */
export async function changeBook(
  store: ControlStore,
  role: Role,
  change: (overrides: readonly Override[]) => readonly Override[] | undefined,
): Promise<readonly Override[]> {
  const books = booksIn(store);
  if (!(await books.get(role))) await insertNew(books, { id: role, overrides: [] });
  const book = await changeRecord(books, role, (current) => {
    const overrides = change(current.overrides);
    return overrides && { ...current, overrides: [...overrides] };
  });
  return book?.overrides ?? [];
}

/** Moves what ended long ago out of a role's book; a crash in between leaves it in both, and the next call goes on. */
export async function putEndedApart(store: ControlStore, role: Role, now: Date): Promise<void> {
  const isOld = (override: Override): boolean => now.getTime() - endOf(override).getTime() > APART_AFTER_MS;
  const old = ((await booksIn(store).get(role))?.value.overrides ?? []).filter(isOld);
  if (old.length === 0) return;
  for (const override of old) await insertNew(endedIn(store), override);
  await changeBook(store, role, (overrides) => overrides.filter((override) => !isOld(override)));
}

/** A number that no other override has. */
export const nextOverrideId = async (store: ControlStore): Promise<OverrideId> =>
  OverrideId.parse(`OV-${await store.nextNumber('oncall-overrides')}`);
