import { DrError, type PersonId, type Role, utc } from '#core';
import type { ControlStore } from '#ports';
import { endOf, type Override, overlaps } from './override.ts';
import { changeBook, nextOverrideId, putEndedApart, readOverrides } from './override-book.ts';
import type { Shift } from './read-calendar.ts';
import type { Roster } from './roster.ts';

/** What an import changed. */
export interface Imported {
  readonly added: readonly Override[];
  readonly kept: readonly Override[];
  /** No longer in the calendar, or otherwise. */
  readonly ended: readonly Override[];
}

/**
 * Makes a role's shifts from one calendar those that it has now: what is new is added, what is gone or changed ends, what is
 * the same stays. In one write; again it changes nothing. Throws ALREADY_EXISTS (user) where another calendar has that time.
 */
export async function importShifts(
  store: ControlStore,
  roster: Roster,
  wanted: { readonly role: Role; readonly calendar: string; readonly shifts: readonly Shift[]; readonly by: PersonId },
): Promise<Imported> {
  const { role, calendar, shifts, by } = wanted;
  const now = await store.now();
  const isOurs = (override: Override): boolean =>
    override.role === role && override.calendar?.name === calendar && !override.cancelled && endOf(override) > now;
  const isNew = (shift: Shift, there: readonly Override[]): boolean =>
    !there.some((override) => isOurs(override) && isSame(override, shift));
  const present = await readOverrides(store);
  const ids = await Promise.all(
    shifts.filter((shift) => isNew(shift, present)).map(async (shift) => [shift, await nextOverrideId(store)] as const),
  );
  let result: Imported = { added: [], kept: [], ended: [] };
  await changeBook(store, role, (overrides) => {
    const ours = overrides.filter(isOurs);
    const kept = ours.filter((override) => shifts.some((shift) => isSame(override, shift)));
    const ended = ours
      .filter((override) => !kept.includes(override))
      .map((override): Override => ({ ...override, cancelled: { by, at: now } }));
    const added = ids.flatMap(([shift, id]): Override[] => {
      const { uid, person, from, until } = shift;
      if (!isNew(shift, overrides)) return [];
      return [{ id, role, person, from, until, by, setAt: now, calendar: { name: calendar, uid } }];
    });
    result = { added, kept, ended };
    if (added.length + ended.length === 0) return undefined;
    const others = overrides.filter((override) => !ours.includes(override));
    for (const shift of added) refuseOther(others, shift, roster);
    return [...others, ...kept, ...ended, ...added];
  });
  await putEndedApart(store, role, now);
  return result;
}

const isSame = (override: Override, { uid, person, from, until }: Shift): boolean =>
  override.calendar?.uid === uid &&
  override.person === person &&
  override.from.getTime() === from.getTime() &&
  override.until.getTime() === until.getTime();

function refuseOther(others: readonly Override[], shift: Override, roster: Roster): void {
  const other = others.find((override) => override.calendar && overlaps(override, shift));
  if (!other) return;
  const whose = `${roster.name(other.person)} has ${roster.title(shift.role)} from ${utc(other.from)} by the calendar ${other.calendar?.name}`;
  throw new DrError('ALREADY_EXISTS', 'user', `${whose} (${other.id}). Nothing was changed.`, {
    hint: 'One calendar has one time: give the same --name to replace what was imported before.',
    data: { override: other.id },
  });
}
