import { callByPager } from './call-by-pager.ts';
import type { Delivery } from './delivery.ts';
import type { Incident } from './incident.ts';
import { incidentsIn, pagesIn } from './incident-records.ts';
import { isNeeded, voidPage } from './page-changes.ts';
import { sendDirect, sendNotices } from './send-notices.ts';
import type { IncidentsWorld } from './world.ts';

/** So many a round; the next one goes on. */
const MOST = 300;

/**
 * Sends what is due, each way by itself: a way that does not answer is tried again later and holds up no other. Where the
 * pager does not answer, the second path is used in the same round. Whatever became needless since it was decided is void.
 * Throws STORE_UNAVAILABLE only.
 */
export async function deliverPages(world: IncidentsWorld): Promise<void> {
  const now = await world.store.now();
  const due = await dueDeliveries(world, now);
  await sendDirect(world, due, now);
  const [opened] = await Promise.all([callByPager(world, due, now), sendNotices(world, due, now)]);
  await sendNotices(world, opened, now);
}

async function dueDeliveries(world: IncidentsWorld, now: Date): Promise<Delivery[]> {
  const found = await pagesIn(world.store).find({
    where: { state: 'due', notBefore: { below: new Date(now.getTime() + 1) } },
    sort: { by: 'notBefore', order: 'ascending' },
    limit: MOST,
  });
  const incidents = new Map<string, Incident | undefined>();
  const due: Delivery[] = [];
  for (const { value: page } of found) {
    if (page.incident && !incidents.has(page.incident)) {
      incidents.set(page.incident, (await incidentsIn(world.store).get(page.incident))?.value);
    }
    const incident = page.incident ? incidents.get(page.incident) : undefined;
    if (isNeeded(page, incident)) due.push({ page, incident });
    else await voidPage(world, page.id);
  }
  return due.sort((a, b) => a.page.severity.localeCompare(b.page.severity));
}
