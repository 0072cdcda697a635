import { asDrError, type Clock, DrError, type PersonId, type Role, within } from '#core';
import type { ControlStore } from '#ports';
import type { CallOrder } from './call-order.ts';
import type { Override } from './override.ts';
import { readOverrides } from './override-book.ts';
import type { Roster } from './roster.ts';

/** Who is to be called, at a moment. What was set by command counts where it can be read; see `look` for whether it was. */
export interface Duty {
  /** The role's first contact then; undefined when nobody is there. */
  onDuty(role: Role, at: Date): Promise<PersonId | undefined>;
  /** Whom to call one after the other: whoever is on duty, then the role's other contacts. Empty: nobody is there. */
  ladder(role: Role, at: Date): Promise<readonly PersonId[]>;
  /** The same for several roles at one moment: the overrides are read once. */
  ladders(roles: readonly Role[], at: Date): Promise<ReadonlyMap<Role, readonly PersonId[]>>;
  /** The same with where it comes from. */
  look(role: Role, at: Date): Promise<DutyLook>;
  /** The overrides as they can be had now, for looking at many moments. */
  overrides(): Promise<ReadOverrides>;
}

export interface ReadOverrides {
  readonly overrides: readonly Override[];
  /** Why overrides do not count: the control store can't be read. Whoever tells people who is on duty says so. */
  readonly planAlone: DrError | undefined;
}

export type DutyLook = CallOrder & Pick<ReadOverrides, 'planAlone'>;

/** A page does not wait longer for the control store: the plan knows somebody too. */
const WITHIN_MS = 2_000;

/**
 * Duty by the roster and the overrides of the control store. Never rejects: where they can't be read, by the roster alone,
 * because calling whoever the plan names is better than calling nobody.
 */
export function openDuty({
  roster,
  store,
  clock,
}: {
  readonly roster: Roster;
  readonly store: ControlStore;
  readonly clock: Clock;
}): Duty {
  const late = (): DrError =>
    new DrError('STORE_UNAVAILABLE', 'transient', `The control store gave no answer in ${WITHIN_MS / 1000} s.`);
  const overrides = async (): Promise<ReadOverrides> => {
    try {
      const read = await within(readOverrides(store), { clock, ms: WITHIN_MS, late });
      return { overrides: read, planAlone: undefined };
    } catch (thrown) {
      return { overrides: [], planAlone: asDrError(thrown) };
    }
  };
  const look = async (role: Role, at: Date): Promise<DutyLook> => {
    const { overrides: read, planAlone } = await overrides();
    return { ...roster.callOrder(role, at, read), planAlone };
  };
  return {
    look,
    overrides,
    onDuty: async (role, at) => (await look(role, at)).people[0],
    ladder: async (role, at) => (await look(role, at)).people,
    ladders: async (roles, at) => {
      const { overrides: read } = await overrides();
      return new Map(roles.map((role) => [role, roster.callOrder(role, at, read).people]));
    },
  };
}
