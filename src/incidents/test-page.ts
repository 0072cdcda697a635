import { DrError, type PersonId } from '#core';
import { insertNew } from '#ports';
import { pagesIn } from './incident-records.ts';
import { firstWays, secondWays } from './make-pages.ts';
import { Page } from './page.ts';
import type { IncidentsWorld } from './world.ts';

/**
 * Calls somebody by every way there is for them, for no incident; nobody else is called. Idempotent by the intake. Throws
 * NOT_FOUND (user) where they are not on the roster.
 */
export async function sendTestPage(
  world: IncidentsWorld,
  { to, intake }: { readonly to: PersonId; readonly intake: string },
): Promise<Page> {
  if (!world.roster.person(to)) world.roster.findPerson(to);
  const now = await world.store.now();
  const severity = 'sev-1';
  const first = firstWays(world, severity, to, now);
  const others = secondWays(world, severity, to, now).filter(({ way }) => !first.ways.some((each) => each.way === way));
  const id = `test/${intake}`;
  const page = Page.parse({
    id,
    severity,
    round: 1,
    step: 1,
    person: to,
    why: 'test',
    pagerKey: `${id}/${to}`,
    dueAt: now,
    decidedAt: now,
    notBefore: now,
    state: 'due',
    ...first,
    ways: [...first.ways, ...others],
  });
  const pages = pagesIn(world.store);
  if (await insertNew(pages, page)) return page;
  const kept = (await pages.get(id))?.value;
  if (!kept) throw new DrError('STORE_UNAVAILABLE', 'transient', `${id} was there and is not.`);
  return kept;
}
