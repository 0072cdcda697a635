import { z } from 'zod';
import { askDatabase } from './ask-database.ts';
import type { NeededPrivilege } from './needed-privileges.ts';

const Answer = z.object({
  authInfo: z.object({
    authenticatedUserPrivileges: z
      .array(
        z.object({
          resource: z.object({
            cluster: z.boolean().optional(),
            anyResource: z.boolean().optional(),
            db: z.string().optional(),
            collection: z.string().optional(),
            system_buckets: z.string().optional(),
          }),
          actions: z.array(z.string()),
        }),
      )
      .default([]),
  }),
});

type Held = z.output<typeof Answer>['authInfo']['authenticatedUserPrivileges'][number];

/**
 * The rights that are missing, as `replSetConfigure on the cluster`. The server itself says what the user may do:
 * nothing is tried out on live data. Throws DATABASE_UNAVAILABLE or DATABASE_REFUSED.
 */
export async function inspectPrivileges(uri: string, wanted: readonly NeededPrivilege[]): Promise<string[]> {
  const { authInfo } = Answer.parse(await askDatabase(uri, { connectionStatus: 1, showPrivileges: true }));
  const held = authInfo.authenticatedUserPrivileges;
  return wanted.flatMap((needed) =>
    needed.actions
      .filter((action) => !held.some((each) => grants(each, needed.on, action)))
      .map((action) => `${action} on ${said(needed.on)}`),
  );
}

function grants({ resource, actions }: Held, on: NeededPrivilege['on'], action: string): boolean {
  if (!actions.includes(action) && !actions.includes('anyAction')) return false;
  if (resource.anyResource) return true;
  if (on === 'cluster') return resource.cluster === true;
  const everyDatabase = resource.db === '' || resource.db === on.db;
  if ('buckets' in on) return everyDatabase && resource.system_buckets === '';
  const everyCollection = resource.collection === '' || resource.collection === on.collection;
  // A right on all databases does not reach `local`.
  return resource.cluster !== true && everyDatabase && everyCollection && !(on.db === 'local' && resource.db === '');
}

const said = (on: NeededPrivilege['on']): string =>
  on === 'cluster'
    ? 'the cluster'
    : 'buckets' in on
      ? `time-series buckets of ${on.db}`
      : on.collection === ''
        ? `database ${on.db}`
        : `${on.db}.${on.collection}`;
