import { asDrError, bold, type DrError, type IncidentId, say } from '#core';
import type { Pager } from '#ports';
import { currentKey } from './calling.ts';
import { changeIncident } from './change-incident.ts';
import type { Delivery } from './delivery.ts';
import type { Page } from './page.ts';
import { acceptedWay, bundle, changeWay, dueWay, failedWay, openSecondPath, refusedWay } from './page-changes.ts';
import { wordsOf } from './page-words.ts';
import { roomFor } from './pager-pace.ts';
import type { IncidentsWorld } from './world.ts';

/** The pager says when it knows an incident only some time after it took the call. */
const KNOWN_WITHIN_MS = 10_000;
const ASKED_AGAIN_AFTER_MS = 2_000;
/** After that long the named person will not be called there by us any more; the call itself stands. */
const GIVES_UP_AFTER_MS = 5 * 60_000;
/** So many at once are told of in one call, and follow by themselves as the pager has room. */
const WAITS_FOR_ROOM_MS = 2_000;

/**
 * Has the pager call. Returns the pages whose second path is open since: the pager does not answer, does not take the call, or
 * does not reach that person. When it is silent once, or fails a few times, it is not asked again in this round: no page waits for
 * another's time-out.
 */
export async function callByPager(world: IncidentsWorld, due: readonly Delivery[], now: Date): Promise<Delivery[]> {
  const { pager } = world;
  const waiting = due.filter(({ page }) => dueWay(page, 'pager', now));
  if (!pager || waiting.length === 0) return [];
  const fresh = waiting.filter(({ page }) => !dueWay(page, 'pager', now)?.triggeredAt);
  const room = roomFor(pager, world.clock.monotonicMs());
  const crowded = fresh.slice(Math.max(0, room.left()));
  const untold = crowded.filter(({ page }) => !page.bundledWith);
  const opened: Delivery[] = [];
  const patience = patienceWith(world.clock);
  let down: DrError | undefined;
  for (const delivery of waiting) {
    const { page } = delivery;
    if (isClosed(delivery)) {
      // lowered to what the pager has no business with: under the old key it would call, and nobody would close it again
      await changeWay(world, page.id, 'pager', (way) => ({ ...way, state: 'unneeded' }));
      continue;
    }
    if (crowded.includes(delivery)) {
      await wait(world, page, now);
      continue;
    }
    if (down) {
      opened.push(...(await besides(world, delivery, down, now)));
      continue;
    }
    // whoever is due for one of the crowd is called under the first one's key at once
    const isFirst = delivery === fresh[0];
    const crowd = isFirst ? untold : [];
    if (fresh.includes(delivery)) room.take();
    const failure = await patience.with(() => callOne(world, pager, delivery, crowd, now));
    if (failure && patience.isOver()) down = failure;
    if (failure) opened.push(...(await besides(world, delivery, failure, now)));
    else for (const each of crowd) await bundle(world, each.page.id, page.id);
    if (!failure) opened.push(...(await unknownThere(world, delivery, now)));
  }
  return opened;
}

/** A refusal that comes at once costs nothing; a silence costs every page behind it. */
const LONG_MS = 2_000;
const FAILURES_MOST = 3;

function patienceWith(clock: IncidentsWorld['clock']) {
  let failures = 0;
  let wasLong = false;
  return {
    with: async (call: () => Promise<DrError | undefined>): Promise<DrError | undefined> => {
      const began = clock.monotonicMs();
      const failure = await call();
      if (failure?.kind === 'transient') {
        failures += 1;
        wasLong ||= clock.monotonicMs() - began >= LONG_MS;
      }
      return failure;
    },
    isOver: () => wasLong || failures >= FAILURES_MOST,
  };
}

/** Undefined: taken, though perhaps not known there yet. */
async function callOne(
  world: IncidentsWorld,
  pager: Pager,
  delivery: Delivery,
  crowd: readonly Delivery[],
  now: Date,
): Promise<DrError | undefined> {
  const { page, incident } = delivery;
  const key = keyOf(delivery);
  const way = dueWay(page, 'pager', now);
  if (incident) await mayBeThere(world, incident.id, key);
  const more = crowd.flatMap(({ page: { incident: id } }) => (id ? [id] : []));
  const users = [page, ...crowd.map((each) => each.page)].flatMap(({ person }) => userOf(world, person) ?? []);
  const { call } = await wordsOf(world, delivery, now, more);
  try {
    if (!way?.triggeredAt) {
      await pager.trigger({ ...call, key });
      await changeWay(world, page.id, 'pager', (each) => ({ ...each, triggeredAt: now }));
    }
    const isCalled = await pager.callAlso(key, [...new Set(users)]);
    await changeWay(world, page.id, 'pager', (each) =>
      isCalled ? acceptedWay(each, now, 'taken') : notKnown(each, now),
    );
    return undefined;
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.code === 'STORE_UNAVAILABLE') throw error;
    const retryAfterMs = Number(error.data['retryAfterMs'] ?? 0);
    await changeWay(world, page.id, 'pager', (each) =>
      error.kind === 'transient' ? failedWay(each, error.message, now, retryAfterMs) : refusedWay(each, error.message),
    );
    return error;
  }
}

/** A start is told of under a key of its own: under the incident's the pager does not call again whom it has called. */
const keyOf = ({ page, incident }: Delivery): string =>
  incident && page.why !== 'start' ? currentKey(incident) : page.pagerKey;

const isClosed = (delivery: Delivery): boolean =>
  delivery.incident?.pagerKeys.find(({ key }) => key === keyOf(delivery))?.wanted === 'resolved';

const userOf = ({ plan }: IncidentsWorld, person: Page['person']): string | undefined =>
  plan.roster.people[person]?.pagerdutyUser;

/** Written before the first try: what may be open there has to be closed there at the end. */
const mayBeThere = (world: IncidentsWorld, id: IncidentId, key: string) =>
  changeIncident(world, id, (incident) =>
    incident.pagerKeys.some((each) => each.key === key && !each.told)
      ? {
          ...incident,
          pagerKeys: incident.pagerKeys.map((each) =>
            each.key === key ? { ...each, told: 'triggered' as const } : each,
          ),
        }
      : undefined,
  );

function notKnown(way: Page['ways'][number], now: Date): Page['ways'][number] {
  const since = way.triggeredAt ?? now;
  const answer = 'taken; the person is not called by name there yet';
  if (now.getTime() - since.getTime() >= GIVES_UP_AFTER_MS) return refusedWay(way, answer);
  return { ...way, tries: way.tries + 1, nextAt: new Date(now.getTime() + ASKED_AGAIN_AFTER_MS), answer };
}

/** Taken some time ago, and still nobody is called by name: that may be for want of a right there. */
async function unknownThere(world: IncidentsWorld, { page, incident }: Delivery, now: Date): Promise<Delivery[]> {
  const { triggeredAt } = dueWay(page, 'pager', now) ?? {};
  if (!triggeredAt || page.secondPath || now.getTime() - triggeredAt.getTime() < KNOWN_WITHIN_MS) return [];
  const opened = await openSecondPath(world, page.id, 'PagerDuty does not call the person by name', now);
  return opened?.state === 'due' ? [{ page: opened, incident }] : [];
}

/** The second path, said once in the record for each key. */
async function besides(
  world: IncidentsWorld,
  { page, incident }: Delivery,
  error: DrError,
  now: Date,
): Promise<Delivery[]> {
  if (page.secondPath) return [];
  const opened = await openSecondPath(world, page.id, error.message, now);
  if (!opened) return [];
  if (incident) {
    const ways = opened.ways.flatMap(({ way }) => (way === 'pager' ? [] : [WAY_WORDS[way]]));
    const goesOn = error.kind === 'transient' ? ' Still trying PagerDuty.' : '';
    await world.timeline.append({
      id: `${keyOf({ page, incident })}/second-path`,
      incident: incident.id,
      kind: 'paged',
      actor: 'holdfast',
      text: say`${bold('Not by PagerDuty')}: ${error.message} Paging by ${ways.join(', ')} instead.${goesOn}`,
      inThread: true,
    });
  }
  return [{ page: opened, incident }];
}

const WAY_WORDS = { direct: 'Slack', sms: 'SMS', voice: 'telephone', email: 'e-mail', webhook: 'webhook' } as const;

const wait = (world: IncidentsWorld, page: Page, now: Date) =>
  changeWay(world, page.id, 'pager', (way) => ({
    ...way,
    nextAt: new Date(now.getTime() + WAITS_FOR_ROOM_MS),
    answer: 'waits for room',
  }));
