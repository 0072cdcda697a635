import { changeRecord } from '#ports';
import type { Incident } from './incident.ts';
import { pagesIn } from './incident-records.ts';
import { secondWays } from './make-pages.ts';
import type { Page, PageWay, Way } from './page.ts';
import type { IncidentsWorld } from './world.ts';

/** Whether a call still has a reason: nobody has it, and it is of the ladder that goes on now. */
export function isNeeded(page: Page, incident: Incident | undefined): boolean {
  if (page.why === 'test') return true;
  if (incident?.state !== 'open') return false;
  // whoever has the incident must hear of it as well
  if (page.why === 'start') return true;
  if (page.why !== 'ladder') {
    return !incident.acknowledgements.some(({ by, at }) => by === page.person && at >= page.decidedAt);
  }
  const leg = incident.legs.find(({ role }) => role === page.role);
  if (!leg || leg.hold || page.decidedAt < leg.begunAt) return false;
  return leg.releasedAt === undefined || page.decidedAt >= leg.releasedAt;
}

/** Changes one way of a page. The page is done when no way waits any more. */
export const changeWay = (
  { store }: IncidentsWorld,
  id: string,
  way: Way,
  change: (way: PageWay) => PageWay,
): Promise<Page | undefined> =>
  changeRecord(pagesIn(store), id, (page) =>
    settled({ ...page, ways: page.ways.map((each) => (each.way === way ? change(each) : each)) }),
  );

/** The other ways are used from now on; once. */
export const openSecondPath = (
  world: IncidentsWorld,
  id: string,
  because: string,
  now: Date,
): Promise<Page | undefined> =>
  changeRecord(pagesIn(world.store), id, (page) => {
    if (page.secondPath) return undefined;
    const ways = [...page.ways, ...secondWays(world, page.severity, page.person, now)];
    return settled({ ...page, ways, secondPath: { since: now, because: because.slice(0, 200) } });
  });

export const voidPage = ({ store }: IncidentsWorld, id: string): Promise<Page | undefined> =>
  changeRecord(pagesIn(store), id, (page) =>
    page.state === 'due' ? { ...page, state: 'void', ways: page.ways.map(unneeded) } : undefined,
  );

/** Told of in another page's call already. */
export const bundle = ({ store }: IncidentsWorld, id: string, first: string): Promise<Page | undefined> =>
  changeRecord(pagesIn(store), id, (page) => (page.bundledWith ? undefined : { ...page, bundledWith: first }));

const unneeded = (way: PageWay): PageWay => (way.state === 'waiting' ? { ...way, state: 'unneeded' } : way);

export function settled(page: Page): Page {
  if (page.state !== 'due') return page;
  const times = page.ways.filter(({ state }) => state === 'waiting').map(({ nextAt }) => nextAt.getTime());
  return times.length === 0 ? { ...page, state: 'done' } : { ...page, notBefore: new Date(Math.min(...times)) };
}

export const dueWay = (page: Page, way: Way, now: Date): PageWay | undefined =>
  page.ways.find((each) => each.way === way && each.state === 'waiting' && each.nextAt <= now);

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/** A way that did not answer: tried again after a pause that grows, or after the one that the other side named. */
export function failedWay(way: PageWay, answer: string, now: Date, retryAfterMs = 0): PageWay {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(way.tries, 10));
  const nextAt = new Date(now.getTime() + Math.max(pause, retryAfterMs));
  return { ...way, tries: way.tries + 1, nextAt, answer: answer.slice(0, 200) };
}

export const acceptedWay = (way: PageWay, now: Date, answer: string): PageWay => ({
  ...way,
  state: 'accepted',
  tries: way.tries + 1,
  acceptedAt: now,
  answer,
});

export const refusedWay = (way: PageWay, answer: string): PageWay => ({
  ...way,
  state: 'refused',
  tries: way.tries + 1,
  answer: answer.slice(0, 200),
});
