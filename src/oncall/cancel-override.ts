import { DrError, type OverrideId, type PersonId, utc } from '#core';
import type { ControlStore } from '#ports';
import { endOf, type Override } from './override.ts';
import { changeBook, findOverride } from './override-book.ts';

/**
 * Ends an override now, with the other half of its swap where that is not over yet. Returns what ended. One that was
 * cancelled before is returned as it is. Throws NOT_FOUND and, for one that is over, WRONG_STATE (user).
 */
export async function cancelOverride(store: ControlStore, id: OverrideId, by: PersonId): Promise<readonly Override[]> {
  const override = await findOverride(store, id);
  if (!override) {
    throw new DrError('NOT_FOUND', 'user', `There is no ${id}. Nothing was changed.`, { hint: '/dr oncall' });
  }
  if (override.calendar) {
    const message = `${id} comes from the calendar ${override.calendar.name}. Nothing was changed.`;
    throw new DrError('WRONG_STATE', 'user', message, {
      hint: `Change the calendar and import it again, or for a while: /dr oncall override ${override.role}`,
    });
  }
  const now = await store.now();
  if (!override.cancelled && endOf(override) <= now) {
    const message = `${id} is over since ${utc(endOf(override))}. Nothing was changed.`;
    throw new DrError('WRONG_STATE', 'user', message, { hint: '/dr oncall' });
  }
  const isMeant = (each: Override): boolean => each.id === id || each.swapWith === id;
  const after = await changeBook(store, override.role, (overrides) =>
    overrides.map((each) =>
      isMeant(each) && !each.cancelled && endOf(each) > now ? { ...each, cancelled: { by, at: now } } : each,
    ),
  );
  const ended = after.filter((each) => isMeant(each) && each.cancelled);
  return ended.length > 0 ? ended : [override];
}
