import type { Asked } from '#chatops';
import { DrError, type PersonId, parseComing, type Role, utc } from '#core';
import type { WantedOverride } from '#oncall';
import { DAY_MS, type DutyWorld } from './duty-words.ts';

/** What is longer, or further away, is not for a while: the plan should say it. */
const LONGEST_DAYS = 92;
const FURTHEST_DAYS = 366;

/** From when until when, as typed. Throws TIME_INVALID (user). */
export function typedTimes(
  typed: { readonly from?: string | undefined; readonly until: string },
  { at: now, timeZone }: Pick<Asked, 'at' | 'timeZone'>,
): { from: Date; until: Date } {
  const from = parseComing(typed.from ?? 'now', now, timeZone);
  const until = parseComing(typed.until, now, timeZone);
  const refuse = (what: string, hint: string): never => {
    throw new DrError('TIME_INVALID', 'user', `${what} Nothing was changed.`, { hint });
  };
  if (until <= from) refuse(`${utc(until)} is not after ${utc(from)}.`, 'Say a later --until, or its date too.');
  if (until.getTime() - from.getTime() > LONGEST_DAYS * DAY_MS) {
    refuse(
      `That is more than ${LONGEST_DAYS} days.`,
      "For so long the role's contacts in plan.yaml are to be changed.",
    );
  }
  if (from.getTime() - now.getTime() > FURTHEST_DAYS * DAY_MS) {
    refuse(`${utc(from)} is more than ${FURTHEST_DAYS} days away.`, 'Say a nearer --from.');
  }
  return { from, until };
}

/** Who asks, where that must be somebody of the plan. Throws NOT_LINKED (user). */
export function askerOf({ person, name }: Pick<Asked, 'person' | 'name'>): PersonId {
  if (person) return person;
  throw new DrError('NOT_LINKED', 'user', `${name} has no role in the plan, so whom we call is not theirs to change.`, {
    hint: 'An Incident Commander gives roles in plan.yaml. Who is on duty: /dr oncall',
  });
}

/**
 * Whether this person may be called for this role. Whoever takes it must hold a role in the plan, and nobody takes one for
 * themselves that they do not hold. Throws NOT_ALLOWED, or WRONG_STATE where they are away by the plan (user).
 */
export function checkTaker(role: Role, { person, from, until }: WantedOverride, by: PersonId, world: DutyWorld): void {
  const { plan, roster } = world;
  const [name, title] = [roster.name(person), roster.title(role)];
  if (roster.rolesOf(person).length === 0) {
    throw new DrError('NOT_ALLOWED', 'user', `${name} has no role in the plan, so nobody can call them for one.`, {
      hint: 'An Incident Commander gives roles in plan.yaml.',
    });
  }
  if (person === by && !roster.rolesOf(person).includes(role)) {
    const holders = roster.holders(role).map((each) => roster.name(each));
    throw new DrError('NOT_ALLOWED', 'user', `You do not hold ${title}, so you can not take it yourself.`, {
      hint: `Somebody else has to ask for it: ${holders.join(', ')}`,
    });
  }
  const absence = plan.roster.away.find(
    (each) =>
      each.person === person && Date.parse(each.from) < until.getTime() && from.getTime() < Date.parse(each.until),
  );
  if (!absence) return;
  const gone = `from ${utc(new Date(absence.from))} until ${utc(new Date(absence.until))}`;
  throw new DrError('WRONG_STATE', 'user', `${name} is away by the plan ${gone}. Nothing was changed.`, {
    hint: 'Name somebody else, or another time: /dr oncall gaps',
  });
}
