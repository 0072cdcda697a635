import { asDrError, DrError } from '#core';
import type { Pager, PagerIncident } from '#ports';
import { changeIncident } from './change-incident.ts';
import { hearAcknowledged, hearResolved } from './hear-pager.ts';
import type { Incident, PagerKey } from './incident.ts';
import { incidentsIn } from './incident-records.ts';
import type { IncidentsWorld } from './world.ts';

const MOST = 200;
/** Keys in one question. */
const AT_ONCE = 50;

/**
 * Brings the pager and us into step, both ways: what was acknowledged or resolved there is so here, as far as it counts; what
 * was here is told there. Every 30 s. Throws STORE_UNAVAILABLE only: a pager that does not answer is asked the next time.
 */
export async function reconcile(world: IncidentsWorld): Promise<void> {
  const { pager, store } = world;
  if (!pager) return;
  const found = await incidentsIn(store).find({
    where: { pagerOpen: true },
    sort: { by: 'changedAt', order: 'ascending' },
    limit: MOST,
  });
  const incidents = found.map(({ value }) => value);
  const there = await known(pager, incidents);
  if (!there) return;
  for (const incident of incidents) {
    await hear(world, incident, there);
    if (!(await tell(world, pager, incident.id, there))) return;
  }
}

/** Undefined: it does not answer. */
async function known(pager: Pager, incidents: readonly Incident[]): Promise<Map<string, PagerIncident> | undefined> {
  const keys = incidents.flatMap(({ pagerKeys }) => pagerKeys.filter(isOpenThere).map(({ key }) => key));
  const there = new Map<string, PagerIncident>();
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const answer = await pager.incidents(keys.slice(from, from + AT_ONCE)).catch(asDrError);
    if (answer instanceof DrError) {
      // without the right to look there, it can still be told
      if (answer.kind === 'transient') return undefined;
      break;
    }
    for (const each of answer) there.set(each.key, each);
  }
  return there;
}

const isOpenThere = ({ told, wanted }: PagerKey): boolean =>
  told !== undefined && !(told === 'resolved' && wanted === 'resolved');

async function hear(
  world: IncidentsWorld,
  { id, pagerKeys }: Incident,
  there: ReadonlyMap<string, PagerIncident>,
): Promise<void> {
  const key = pagerKeys.at(-1)?.key;
  const seen = key === undefined ? undefined : there.get(key);
  if (!seen || key === undefined) return;
  try {
    for (const { user, at } of seen.acknowledgedBy) await hearAcknowledged(world, id, { key, user, at });
    if (seen.state === 'resolved') await hearResolved(world, id, { key, user: undefined, at: seen.changedAt });
  } catch (thrown) {
    // it ended while we looked
    if (!(thrown instanceof DrError && thrown.kind === 'user')) throw thrown;
  }
}

/** Tells what is wanted and not so there. False: it does not answer, so nobody else's is told now either. */
async function tell(
  world: IncidentsWorld,
  pager: Pager,
  id: Incident['id'],
  there: ReadonlyMap<string, PagerIncident>,
): Promise<boolean> {
  const incident = (await incidentsIn(world.store).get(id))?.value;
  for (const { key, wanted, told } of incident?.pagerKeys ?? []) {
    const seen = there.get(key)?.state;
    // an acknowledgement there ends by itself after a while; ours has not ended
    const isSo = told === wanted && (wanted === 'resolved' || seen === undefined || seen === wanted);
    if (wanted === 'triggered' || told === undefined || isSo) continue;
    const failure = await (wanted === 'resolved' ? pager.resolve(key) : pager.acknowledge(key)).then(
      () => undefined,
      (thrown: unknown) => asDrError(thrown),
    );
    if (failure?.kind === 'transient') return false;
    // refused for good: asking again every half minute would not change that
    await changeIncident(world, id, (now) => withTold(now, key, wanted, there.get(key)));
  }
  return true;
}

function withTold(
  incident: Incident,
  key: string,
  told: PagerKey['wanted'],
  seen: PagerIncident | undefined,
): Incident {
  const pagerKeys = incident.pagerKeys.map((each) =>
    each.key === key
      ? { ...each, told, ...(seen ? { seen: seen.state } : {}), ...(seen?.url ? { url: seen.url } : {}) }
      : each,
  );
  return { ...incident, pagerKeys };
}
