import { DrError, type PersonId, type Role, utc } from '#core';
import type { ControlStore } from '#ports';
import { endOf, type Override, overlaps } from './override.ts';
import { changeBook, nextOverrideId, putEndedApart, readOverrides } from './override-book.ts';
import type { Roster } from './roster.ts';

/** Who is to take a role, and from when until when. */
export interface WantedOverride {
  readonly person: PersonId;
  readonly from: Date;
  readonly until: Date;
}

export interface SetOverrides {
  readonly role: Role;
  /** One, or the two halves of a swap. */
  readonly wanted: readonly [WantedOverride] | readonly [WantedOverride, WantedOverride];
  readonly reason: string | undefined;
  readonly by: PersonId;
}

/** More than that to come in one role is a rotation, and belongs into the plan. */
const MOST_TO_COME = 200;

/**
 * Writes overrides down, all of them or none. What is there already for the same person over the same time is returned as
 * it is, so a command that is handled twice sets one. Throws ALREADY_EXISTS (user, `data.override`) where another override
 * has a part of that time; of two that are set at once one wins.
 */
export async function setOverrides(
  store: ControlStore,
  roster: Roster,
  { role, wanted, reason, by }: SetOverrides,
): Promise<readonly Override[]> {
  const alike = (overrides: readonly Override[]): Override[] =>
    wanted.flatMap((each) => overrides.find((override) => override.role === role && covers(override, each)) ?? []);
  const before = alike(await readOverrides(store));
  if (before.length === wanted.length) return before;

  const [now, ...ids] = await Promise.all([store.now(), ...wanted.map(() => nextOverrideId(store))]);
  const fresh = wanted.flatMap((each, index): Override[] => {
    const [id, other] = [ids[index], ids.length === 2 ? ids[1 - index] : undefined];
    if (id === undefined) return [];
    const more = { ...(reason === undefined ? {} : { reason }), ...(other === undefined ? {} : { swapWith: other }) };
    return [{ ...each, ...more, id, role, by, setAt: now }];
  });
  const after = await changeBook(store, role, (overrides) => {
    if (alike(overrides).length === wanted.length) return undefined;
    for (const each of wanted) refuseOverlap(overrides, each, roster, role);
    if (overrides.filter((override) => byCommand(override) && endOf(override) > now).length >= MOST_TO_COME)
      throw tooMany(role, roster);
    return [...overrides, ...fresh];
  });
  await putEndedApart(store, role, now);
  return alike(after);
}

/** A calendar's shifts lie under overrides and are no hindrance to them. */
const byCommand = ({ calendar }: Override): boolean => calendar === undefined;

const covers = (override: Override, { person, from, until }: WantedOverride): boolean =>
  byCommand(override) && override.person === person && override.from <= from && endOf(override) >= until;

function refuseOverlap(there: readonly Override[], wanted: WantedOverride, roster: Roster, role: Role): void {
  const other = there.find((override) => byCommand(override) && overlaps(override, wanted));
  if (!other) return;
  throw new DrError(
    'ALREADY_EXISTS',
    'user',
    `${roster.name(other.person)} takes ${roster.title(role)} from ${utc(other.from)} until ${utc(endOf(other))} (${other.id}). Two at a time can not have it. Nothing was changed.`,
    { hint: `/dr oncall cancel ${other.id}, or another time`, data: { override: other.id } },
  );
}

const tooMany = (role: Role, roster: Roster): DrError =>
  new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `${roster.title(role)} has ${MOST_TO_COME} overrides to come. So many are a rotation. Nothing was changed.`,
    { hint: 'Put a rotation into plan.yaml.' },
  );
