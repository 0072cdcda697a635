import { z } from 'zod';
import { Region } from '#core';
import { type CapturedCheck, FoundLost, MOST_KEPT, ReadBack } from './captured-checks.ts';

/** Something lost, and from when on there are seconds again that can be restored: a backup stands there. */
export const LostSeconds = FoundLost.extend({
  foundAt: z.coerce.date(),
  again: z.coerce.date().optional(),
  isNew: z.boolean(),
});
export type LostSeconds = z.output<typeof LostSeconds>;

/** What reading captured hours came to. */
export const CapturedFindings = ReadBack.extend({
  hours: z.number().int(),
  lost: z.array(LostSeconds),
  unread: z.array(z.object({ region: Region, problem: z.string() })),
});
export type CapturedFindings = z.output<typeof CapturedFindings>;

export const NOTHING_CAPTURED: CapturedFindings = {
  hours: 0,
  objects: 0,
  bytes: 0,
  damaged: 0,
  damage: [],
  healedCopies: 0,
  healed: [],
  rebuilt: 0,
  spare: 0,
  lost: [],
  unread: [],
};

/** The sum of hours' checks. Pure. */
export function sumOfChecks(checks: readonly CapturedCheck[]): Omit<CapturedFindings, 'lost' | 'unread'> {
  const sum = (of: (check: CapturedCheck) => number): number => checks.reduce((total, check) => total + of(check), 0);
  return {
    hours: checks.length,
    objects: sum(({ objects }) => objects),
    bytes: sum(({ bytes }) => bytes),
    damaged: sum(({ damaged }) => damaged),
    damage: checks.flatMap(({ damage }) => damage).slice(0, MOST_KEPT),
    healedCopies: sum(({ healedCopies }) => healedCopies),
    healed: checks.flatMap(({ healed }) => healed).slice(0, MOST_KEPT),
    rebuilt: sum(({ rebuilt }) => rebuilt),
    spare: sum(({ spare }) => spare),
  };
}
