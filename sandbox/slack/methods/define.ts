import { z } from 'zod';
import { refuse } from '../api-refusal.ts';
import type { Tier } from '../limits.ts';
import type { Channel } from '../shapes.ts';
import type { Team } from '../team.ts';

/** A Web API method: what it needs and what it does. `run` returns the body beside `ok: true`. */
export interface Method {
  readonly token: 'bot' | 'app';
  /** `none` where any valid token will do. */
  readonly scope: string;
  readonly tier: Tier;
  run(rawArgs: Readonly<Record<string, unknown>>, team: Team): Record<string, unknown>;
}

interface Definition<Args extends z.ZodType> {
  readonly token?: 'app';
  readonly scope: string;
  readonly tier: Tier;
  readonly args: Args;
  run(args: z.output<Args>, team: Team): Record<string, unknown>;
}

export function defineMethod<Args extends z.ZodType>(definition: Definition<Args>): Method {
  return {
    token: definition.token ?? 'bot',
    scope: definition.scope,
    tier: definition.tier,
    run(rawArgs, team) {
      const args = definition.args.safeParse(rawArgs);
      if (!args.success) {
        return refuse(
          'invalid_arguments',
          args.error.issues.map((issue) => `${issue.message} [json-pointer:/${issue.path.map(String).join('/')}]`),
        );
      }
      return definition.run(args.data, team);
    },
  };
}

/** The SDK sends forms, so `true` and `5` arrive as text; a JSON body carries them as they are. */
export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1'),
]);
export const whole = z.coerce.number().int();

/** @throws SlackApiRefusal channel_not_found. A person's id stands for the direct messages with them. */
export function findChannel(team: Team, id: string): Channel {
  if (team.store.people.has(id)) return team.store.directWith(id);
  return team.store.channels.get(id) ?? refuse('channel_not_found');
}

/** @throws SlackApiRefusal channel_not_found or not_in_channel. */
export function ownChannel(team: Team, id: string): Channel {
  const channel = findChannel(team, id);
  return channel.hasApp ? channel : refuse('not_in_channel');
}
