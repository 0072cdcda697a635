import type { PersonId, Role } from '#core';
import type { Roster } from './roster.ts';

/** Who is to be called, at a moment. */
export interface Duty {
  /** The role's first contact then; undefined when nobody is there. */
  onDuty(role: Role, at: Date): Promise<PersonId | undefined>;
  /** Whom to call one after the other: whoever is on duty, then the role's other contact. Empty: nobody is there. */
  ladder(role: Role, at: Date): Promise<readonly PersonId[]>;
}

/** Duty by the plan's roster. Throws STORE_UNAVAILABLE (transient) where what was changed by command can't be read. */
export function openDuty({ roster }: { readonly roster: Roster }): Duty {
  return {
    onDuty: async (role, at) => roster.onDuty(role, at),
    ladder: async (role, at) => {
      const first = roster.onDuty(role, at);
      return first === undefined ? [] : [first, ...roster.holders(role).filter((person) => person !== first)];
    },
  };
}
