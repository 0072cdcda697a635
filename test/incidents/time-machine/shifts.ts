import { PersonId, type Role } from '#core';
import type { Duty } from '#oncall';
import type { Plan } from '#plan';
import type { Contacts } from './oracle.ts';
import { DAY } from './plan-words.ts';

/**
 * Who is on duty over a year, made up by a seed: contacts that change places every few days and are away now and then, so that a
 * ladder has two, one or nobody, and a hand-over falls into the middle of an escalation.
 */
export function shifts(plan: Plan, seed: number): { contacts: Contacts; duty: Pick<Duty, 'ladders' | 'onDuty'> } {
  const contacts: Contacts = (role, at) => {
    const entry = plan.roster.roles[role as Role];
    const pair = [entry?.primary, entry?.backup].flatMap((person) => (person ? [person] : []));
    const turn = Math.floor(at / (1.7 * DAY));
    const ordered = mixed(turn, role, seed) < 0.5 ? pair : pair.toReversed();
    return ordered.filter((person) => mixed(turn, person, seed) > 0.12);
  };
  const ladder = (role: Role, at: Date) => contacts(role, at.getTime()).map((each) => PersonId.parse(each));
  const ladders: Duty['ladders'] = async (roles, at) => new Map(roles.map((role) => [role, ladder(role, at)]));
  return { contacts, duty: { ladders, onDuty: async (role, at) => ladder(role, at)[0] } };
}

/** A number in [0, 1) that only these decide. */
function mixed(turn: number, word: string, seed: number): number {
  let state = (turn * 2_654_435_761 + seed) >>> 0;
  for (const letter of word) state = Math.imul(state ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
  return ((state ^ (state >>> 12)) >>> 0) / 2 ** 32;
}
