import { z } from 'zod';
import { PersonId } from '#core';

/** Who somebody is in Slack: team and user together. A user id alone exists in many teams; an e-mail can be changed. */
export const SlackAccount = z.object({ team: z.string().min(1), user: z.string().min(1) });
export type SlackAccount = z.output<typeof SlackAccount>;

/** A link made after the plan was written (`/dr oncall link`); it counts instead of the plan's account. */
export const AccountLink = z.object({ person: PersonId, account: SlackAccount });
export type AccountLink = z.output<typeof AccountLink>;

export const sameAccount = (a: SlackAccount, b: SlackAccount): boolean => a.team === b.team && a.user === b.user;
