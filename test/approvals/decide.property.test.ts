import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ApprovalRecord,
  type ApprovalRequest,
  type ApprovalRoster,
  decide,
  isComplete,
  satisfiability,
} from '#approvals';
import { type PersonId, PersonId as PersonIdSchema, Role } from '#core';
import { ApprovalPolicy, fits, type Seat, seatsOf } from '#plan';
import { preview, time, waiting } from './approval-world.ts';

const ROLES = ['a', 'b', 'c', 'd'].map((role) => Role.parse(role));
const PEOPLE = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'].map((id) => PersonIdSchema.parse(id));

const policies = fc
  .record({
    needs: fc.array(
      fc.record({
        anyOf: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 2 }),
        people: fc.integer({ min: 1, max: 2 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    requester: fc.constantFrom('excluded', 'counts'),
  })
  .map((some) => ApprovalPolicy.parse({ ...some, expiresAfterMinutes: 15, stepUp: 'none' }));

/** Up to six people with up to three roles each; some are not linked. */
const rosters = fc
  .array(fc.record({ roles: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 }), linked: fc.boolean() }), {
    minLength: PEOPLE.length,
    maxLength: PEOPLE.length,
  })
  .map((all): ApprovalRoster => {
    const of = (id: PersonId) => all[PEOPLE.indexOf(id)];
    return {
      people: () => PEOPLE.map((id) => ({ id })),
      name: (id) => id,
      title: (role) => role,
      rolesOf: (id) => of(id)?.roles ?? [],
      account: (id) => (of(id)?.linked ? { team: 'T', user: id } : undefined),
    };
  });

const requesters = fc.constantFrom(undefined, ...PEOPLE);
const clicks = fc.array(fc.constantFrom(...PEOPLE), { maxLength: 30 });

const able = (roster: ApprovalRoster, policy: ApprovalPolicy, requester: PersonId | undefined): PersonId[] =>
  PEOPLE.filter((id) => roster.account(id) && (policy.requester === 'counts' || id !== requester));

function canFill(seats: readonly Seat[], people: readonly PersonId[], roster: ApprovalRoster): boolean {
  const [first, ...rest] = seats;
  if (!first) return true;
  return people.some(
    (id) =>
      fits({ person: id, roles: roster.rolesOf(id) }, first) &&
      canFill(
        rest,
        people.filter((other) => other !== id),
        roster,
      ),
  );
}

const CLICK = {
  via: 'slack',
  previewHash: preview,
  buttonIsOurs: true,
  stepUp: { kind: 'none' },
  at: time('13:00'),
} as const;

/** Everybody clicks in this order; what counts is kept, as the store would. */
function afterClicks(open: ApprovalRequest, order: readonly PersonId[], roster: ApprovalRoster): ApprovalRequest {
  let current = open;
  for (const id of order) {
    const decision = decide(current, { ...CLICK, person: id }, roster);
    if (decision.kind === 'refused') continue;
    const approval: ApprovalRecord = { ...decision.approval, signature: '' };
    current = { ...current, approvals: [...current.approvals, approval] };
    expect(decision.complete).toBe(isComplete(open.policy, current.approvals));
  }
  return current;
}

describe('approvals, for any policy, any roster and any order of clicks', () => {
  it('can be filled exactly when different people for all places exist', () => {
    fc.assert(
      fc.property(policies, rosters, requesters, (policy, roster, requester) => {
        const possible = canFill(seatsOf(policy.needs), able(roster, policy, requester), roster);
        expect(satisfiability(policy, roster, requester).kind).toBe(possible ? 'satisfiable' : 'unsatisfiable');
      }),
      { numRuns: 1000 },
    );
  });

  it('count once a person, never the asker, and are complete only when every place has another able person', () => {
    fc.assert(
      fc.property(policies, rosters, requesters, clicks, (policy, roster, requester, order) => {
        const end = afterClicks({ ...waiting, policy, requester }, order, roster);
        const people = end.approvals.map(({ person }) => person);
        expect(new Set(people).size).toBe(people.length);
        expect(new Set(end.approvals.map(({ slot }) => slot)).size).toBe(people.length);
        expect(people.every((id) => able(roster, policy, requester).includes(id))).toBe(true);
        const seats = seatsOf(policy.needs);
        for (const { slot, role, person } of end.approvals) {
          expect(seats[slot]?.anyOf).toContain(role);
          expect(roster.rolesOf(person)).toContain(role);
        }
        expect(isComplete(policy, end.approvals)).toBe(people.length === seats.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('never paint themselves into a corner: what could be filled can still be filled after each click', () => {
    fc.assert(
      fc.property(policies, rosters, requesters, clicks, (policy, roster, requester, order) => {
        const people = able(roster, policy, requester);
        fc.pre(canFill(seatsOf(policy.needs), people, roster));
        const end = afterClicks({ ...waiting, policy, requester }, order, roster);
        const given = end.approvals.map(({ person }) => person);
        const left = seatsOf(policy.needs).filter(
          (_, slot) => !end.approvals.some((approval) => approval.slot === slot),
        );
        expect(
          canFill(
            left,
            people.filter((id) => !given.includes(id)),
            roster,
          ),
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
