import type { PersonId, Role } from '#core';
import type { Need } from './consent.ts';

/** One place that one approver must fill; a need for two people is two seats. */
export interface Seat {
  readonly anyOf: readonly Role[];
}

export interface Candidate {
  readonly person: PersonId;
  readonly roles: readonly Role[];
}

export const seatsOf = (needs: readonly Need[]): Seat[] =>
  needs.flatMap(({ anyOf, people }) => Array.from({ length: people }, () => ({ anyOf })));

export const fits = (candidate: Candidate, seat: Seat): boolean =>
  seat.anyOf.some((role) => candidate.roles.includes(role));

/** Who sits where, or which seats are too many for the people who could fill them. */
export type Seating =
  | { readonly kind: 'seated'; readonly bySeat: readonly Candidate[] }
  | { readonly kind: 'short'; readonly seats: readonly Seat[]; readonly candidates: readonly Candidate[] };

/**
 * Gives every seat another person, if that can be done at all (maximum bipartite matching by augmenting paths).
 * When it can't, names the smallest proof it met: these seats, and only these people for them.
 * Earlier candidates are preferred, so the answer is the same for the same input.
 */
export function seat(seats: readonly Seat[], candidates: readonly Candidate[]): Seating {
  const sitsAt = new Map<number, number>();
  for (let start = 0; start < seats.length; start += 1) {
    const tried = new Set<number>();
    if (!augment(start, seats, candidates, sitsAt, tried)) return shortage(start, seats, candidates, sitsAt, tried);
  }
  const bySeat: Candidate[] = [];
  for (const [candidateIndex, seatIndex] of sitsAt) {
    const candidate = candidates[candidateIndex];
    if (candidate) bySeat[seatIndex] = candidate;
  }
  return { kind: 'seated', bySeat };
}

function augment(
  seatIndex: number,
  seats: readonly Seat[],
  candidates: readonly Candidate[],
  sitsAt: Map<number, number>,
  tried: Set<number>,
): boolean {
  const wanted = seats[seatIndex];
  if (!wanted) return false;
  for (const [index, candidate] of candidates.entries()) {
    if (tried.has(index) || !fits(candidate, wanted)) continue;
    tried.add(index);
    const held = sitsAt.get(index);
    if (held === undefined || augment(held, seats, candidates, sitsAt, tried)) {
      sitsAt.set(index, seatIndex);
      return true;
    }
  }
  return false;
}

/** Everybody the failed search reached is seated already, and reaches no free person: too few for those seats. */
function shortage(
  start: number,
  seats: readonly Seat[],
  candidates: readonly Candidate[],
  sitsAt: ReadonlyMap<number, number>,
  tried: ReadonlySet<number>,
): Seating {
  const indices = [start, ...[...tried].flatMap((index) => sitsAt.get(index) ?? [])];
  const pick = <T>(list: readonly T[], wanted: Iterable<number>): T[] =>
    [...new Set(wanted)].sort((a, b) => a - b).flatMap((index) => list[index] ?? []);
  return { kind: 'short', seats: pick(seats, indices), candidates: pick(candidates, tried) };
}
