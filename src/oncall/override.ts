import { z } from 'zod';
import { OverrideId, PersonId, Role } from '#core';

/** Somebody takes a role from `from` up to and without `until`, in place of whoever has it. It changes whom we call. */
export const Override = z.object({
  id: OverrideId,
  role: Role,
  person: PersonId,
  from: z.date(),
  until: z.date(),
  reason: z.string().optional(),
  /** Who asked for it. */
  by: PersonId,
  setAt: z.date(),
  /** The other half, where two people exchange turns: one without the other would be nobody's wish. */
  swapWith: OverrideId.optional(),
  /** Read from a calendar: a turn, over which overrides by command go. */
  calendar: z.object({ name: z.string(), uid: z.string() }).optional(),
  cancelled: z.object({ by: PersonId, at: z.date() }).optional(),
});
export type Override = z.output<typeof Override>;

/** When it ends or ended; its beginning where it was cancelled before that. */
export function endOf({ from, until, cancelled }: Pick<Override, 'from' | 'until' | 'cancelled'>): Date {
  if (!cancelled || cancelled.at >= until) return until;
  return cancelled.at <= from ? from : cancelled.at;
}

export const isInForce = (override: Override, at: Date): boolean => override.from <= at && at < endOf(override);

/** Whether it has some part of a time; one that was cancelled before it began has none. */
export const overlaps = (override: Override, time: { readonly from: Date; readonly until: Date }): boolean => {
  const end = endOf(override);
  return override.from < end && override.from < time.until && time.from < end;
};
