import { type OverrideId, PersonId, Role } from '#core';
import { Override } from '#oncall';
import { type Plan, parsePlan, type Rotation } from '#plan';
import { eldText } from '../plan/eld-plan.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');

export const [alex, david, john, jane, tom, mike] = (
  ['alex-chen', 'david-kim', 'john-smith', 'jane-doe', 'tom-garcia', 'mike-johnson'] as const
).map((id) => PersonId.parse(id)) as [PersonId, PersonId, PersonId, PersonId, PersonId, PersonId];
export const [dba, commander] = [Role.parse('database-admin'), Role.parse('incident-commander')];
export const at = (text: string): Date => new Date(text);

/** The ELD plan with turns among its database administrators, absences and holidays. */
export function planWith(
  more: {
    readonly rotation?: Rotation;
    readonly away?: readonly { readonly person: string; readonly from: string; readonly until: string }[];
    readonly holidays?: string[];
    readonly people?: Partial<Plan['roster']['people']>;
    readonly backup?: PersonId | 'none';
  } = {},
): Plan {
  const { [dba]: admins, ...roles } = plan.roster.roles;
  if (!admins) throw new Error('The plan has no database administrators.');
  const { backup, ...rest } = admins;
  const kept = more.backup === 'none' ? {} : { backup: more.backup ?? backup };
  return {
    ...plan,
    businessDays: { ...plan.businessDays, holidays: more.holidays ?? [] },
    roster: {
      people: { ...plan.roster.people, ...more.people } as Plan['roster']['people'],
      roles: { ...roles, [dba]: { ...rest, ...kept, ...(more.rotation ? { rotation: more.rotation } : {}) } } as never,
      away: (more.away ?? []).map((absence) => ({ ...absence, person: PersonId.parse(absence.person) })),
    },
  };
}

export const overrideOf = ({
  person,
  from,
  until,
  id = 'OV-1',
  ...more
}: {
  person: PersonId;
  from: string;
  until: string;
  id?: string;
  role?: Role;
  cancelled?: { by: PersonId; at: Date };
  swapWith?: OverrideId;
}): Override =>
  Override.parse({
    role: dba,
    by: alex,
    setAt: at('2026-11-01T00:00Z'),
    person,
    id,
    from: at(from),
    until: at(until),
    ...more,
  });
