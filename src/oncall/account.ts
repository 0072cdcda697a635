import { z } from 'zod';

/** Who somebody is in Slack: team and user together. A user id alone exists in many teams; an e-mail can be changed. */
export const SlackAccount = z.object({ team: z.string().min(1), user: z.string().min(1) });
export type SlackAccount = z.output<typeof SlackAccount>;

export const sameAccount = (a: SlackAccount, b: SlackAccount): boolean => a.team === b.team && a.user === b.user;
