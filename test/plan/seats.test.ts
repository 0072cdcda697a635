import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PersonId, Role } from '#core';
import { type Candidate, fits, type Seat, seat } from '#plan';

const ROLES = ['a', 'b', 'c', 'd'].map((role) => Role.parse(role));
const someRoles = fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 0, maxLength: 3 });
const seats = fc.array(
  fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }).map((anyOf): Seat => ({ anyOf })),
  { maxLength: 4 },
);
const candidates = fc
  .array(someRoles, { maxLength: 5 })
  .map((all) => all.map((roles, index): Candidate => ({ person: PersonId.parse(`p${index}`), roles })));

/** Every way of giving seats to different people, tried one by one: slow and plainly right. */
function canSit(open: readonly Seat[], people: readonly Candidate[]): boolean {
  const [first, ...rest] = open;
  if (!first) return true;
  return people.some(
    (person) =>
      fits(person, first) &&
      canSit(
        rest,
        people.filter((other) => other !== person),
      ),
  );
}

describe('seats', () => {
  it('are filled exactly when trying every arrangement finds one', () => {
    fc.assert(
      fc.property(seats, candidates, (open, people) => {
        expect(seat(open, people).kind === 'seated').toBe(canSit(open, people));
      }),
      { numRuns: 2000 },
    );
  });

  it('are filled by different people who fit', () => {
    fc.assert(
      fc.property(seats, candidates, (open, people) => {
        const seating = seat(open, people);
        if (seating.kind !== 'seated') return;
        expect(seating.bySeat).toHaveLength(open.length);
        expect(new Set(seating.bySeat.map(({ person }) => person)).size).toBe(open.length);
        open.forEach((wanted, index) => {
          const sitter = seating.bySeat[index];
          expect(sitter && fits(sitter, wanted)).toBe(true);
        });
      }),
    );
  });

  it('that stay empty are proved: more seats than people who fit any of them', () => {
    fc.assert(
      fc.property(seats, candidates, (open, people) => {
        const seating = seat(open, people);
        if (seating.kind !== 'short') return;
        const able = people.filter((person) => seating.seats.some((wanted) => fits(person, wanted)));
        expect(able.length).toBeLessThan(seating.seats.length);
        expect(new Set(seating.candidates)).toEqual(new Set(able));
      }),
    );
  });
});
