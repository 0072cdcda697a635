import { z } from 'zod';
import { asDrError, DrError } from '#core';
import type { MemberLoad, MemberLoads } from '#ports';
import { openMembers } from './replica-set-members.ts';

const WITHIN_MS = 2_000;

const Tries = z.object({ received: z.coerce.number(), successful: z.coerce.number() });

const Status = z.object({
  connections: z.object({ current: z.number(), available: z.number() }),
  wiredTiger: z
    .object({
      cache: z.object({
        'maximum bytes configured': z.coerce.number(),
        'bytes currently in the cache': z.coerce.number(),
      }),
    })
    .optional()
    .catch(undefined),
  security: z
    .object({
      authentication: z.object({ mechanisms: z.record(z.string(), z.object({ authenticate: Tries })) }),
    })
    .optional()
    .catch(undefined),
});

/** Sections that cost time and are not looked at. */
const LEFT_OUT = Object.fromEntries(
  ['metrics', 'locks', 'tcmalloc', 'transactions', 'opLatencies', 'network', 'flowControl'].map((name) => [name, 0]),
);

/** Asks every member by a connection of its own. The user needs `serverStatus`. `close` ends within seconds. */
export function openMemberLoads({ uri }: { readonly uri: string }): MemberLoads & { close(): Promise<void> } {
  const members = openMembers(uri, 'holdfast-detector');
  const lookAt = async (member: string): Promise<MemberLoad> => {
    const answer = await members.ask(member, { serverStatus: 1, ...LEFT_OUT }, 'show its load', WITHIN_MS);
    const { connections, wiredTiger, security } = Status.parse(answer);
    const tries = security && Object.values(security.authentication.mechanisms).map(({ authenticate }) => authenticate);
    const tried = tries?.reduce((sum, { received }) => sum + received, 0) ?? 0;
    const successful = tries?.reduce((sum, each) => sum + each.successful, 0) ?? 0;
    return {
      member,
      connections,
      cache: wiredTiger && {
        used: wiredTiger.cache['bytes currently in the cache'],
        most: wiredTiger.cache['maximum bytes configured'],
      },
      logins: tries && { tried, failed: Math.max(0, tried - successful) },
    };
  };
  return {
    look: async () => {
      const looks = await Promise.allSettled(members.seeds.map(lookAt));
      const found = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
      if (found.length > 0) return found;
      const failed = looks.find((look) => look.status === 'rejected');
      if (failed) throw asDrError(failed.reason);
      throw new DrError('DATABASE_UNAVAILABLE', 'transient', 'MONGODB_URI names no member.');
    },
    close: () => members.close(),
  };
}
