import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const Roster = z.object({
  roster: z.object({
    people: z.record(z.string(), z.looseObject({ slack_user: z.string().optional(), phone: z.string().optional() })),
  }),
});

/** Whose number it is, by the plan: a Slack user id. */
export function phoneNumbers(planPath: string): (number: string) => string | undefined {
  const { people } = Roster.parse(parse(readFileSync(planPath, 'utf8'))).roster;
  const owners = new Map(Object.values(people).map(({ phone, slack_user: user }) => [phone, user]));
  return (number) => owners.get(number);
}
