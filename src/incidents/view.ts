import { DrError, type PersonId, Role } from '#core';
import type { Roster } from '#oncall';
import type { Plan, Severity, SeverityName } from '#plan';
import type { IncidentsWorld } from './world.ts';

/** Leads incidents: called when a role's own contacts do not answer, and reminded of what is owed to stakeholders. */
export const COMMANDER = Role.parse('incident-commander');

/** What a decision looks at besides the incident: the moment, the plan and who is there then. */
export interface View {
  readonly now: Date;
  readonly plan: Plan;
  readonly roster: Roster;
  /** Whom to call one after the other. Empty: nobody is there. */
  readonly contacts: (role: Role) => readonly PersonId[];
}

/** Looks up every role's duty once, so that a decision can be repeated without asking again. */
export async function viewAt({ plan, roster, duty }: IncidentsWorld, now: Date): Promise<View> {
  const byRole = await duty.ladders(roster.roles(), now);
  return { now, plan, roster, contacts: (role) => byRole.get(role) ?? [] };
}

export const severityOf = ({ plan }: View, name: SeverityName): Severity => plan.severities[name];

/** `Sev-1`. */
export const severityWord = (name: SeverityName): string => `Sev-${name.slice(4)}`;

/** Smaller is worse. */
export const severityRank = (name: SeverityName): number => Number(name.slice(4));

const MINUTE_MS = 60_000;

export const afterMinutes = (from: Date, minutes: number): Date => new Date(from.getTime() + minutes * MINUTE_MS);

/** What a person asked for that the incident's state does not allow. */
export const wrongState = (message: string, hint: string): DrError =>
  new DrError('WRONG_STATE', 'user', `${message} Nothing was changed.`, { hint });
