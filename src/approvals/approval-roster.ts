import type { PersonId, Role } from '#core';

/** What approvals need to know of the roster. The roster of the on-call room has it all. */
export interface ApprovalRoster {
  people(): readonly { readonly id: PersonId }[];
  name(id: PersonId): string;
  title(role: Role): string;
  rolesOf(id: PersonId): readonly Role[];
  /** Undefined: not linked, so nothing this person presses counts. */
  account(id: PersonId): { readonly team: string; readonly user: string } | undefined;
}
