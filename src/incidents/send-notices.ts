import { asDrError } from '#core';
import type { Notice, Notifier } from '#ports';
import { queueDirectMessage } from '#record';
import type { Delivery } from './delivery.ts';
import { addressOf } from './make-pages.ts';
import type { Way } from './page.ts';
import { acceptedWay, changeWay, dueWay, failedWay, refusedWay } from './page-changes.ts';
import { wordsOf } from './page-words.ts';
import type { PageWords } from './words-by-way.ts';
import type { IncidentsWorld } from './world.ts';

/** A call that arrives later than that misleads. */
const DIRECT_FOR_MS = 4 * 3_600_000;

/** Puts a message to each person into the outbox of the chat; one for all that is due for them. */
export async function sendDirect(world: IncidentsWorld, due: readonly Delivery[], now: Date): Promise<void> {
  for (const group of byPerson(due, 'direct', now)) {
    const [first] = group;
    if (!first) continue;
    const { card } = await wordsOf(world, first, now, incidentsOf(group));
    const until = first.page.starts?.at ?? new Date(now.getTime() + DIRECT_FOR_MS);
    await queueDirectMessage(world.store, { id: first.page.id, person: first.page.person, card, until });
    await accepted(world, group, 'direct', now, 'queued');
  }
}

/** Sends by every gateway, all kinds at once: one that hangs holds up no other kind. Throws STORE_UNAVAILABLE only. */
export async function sendNotices(world: IncidentsWorld, due: readonly Delivery[], now: Date): Promise<void> {
  const byKind = new Map(world.notifiers.map((notifier) => [notifier.kind, notifier]));
  await Promise.all([...byKind.values()].map((notifier) => sendBy(world, notifier, due, now)));
}

async function sendBy(world: IncidentsWorld, notifier: Notifier, due: readonly Delivery[], now: Date): Promise<void> {
  const way = notifier.kind;
  for (const group of byPerson(due, way, now)) {
    const [first] = group;
    const to = first && addressOf(world, way, first.page.person);
    if (!first || to === undefined) continue;
    const words = await wordsOf(world, first, now, incidentsOf(group));
    const notice = { id: `${first.page.id}/${way}`, to, subject: words.subject, text: textFor(way, words) };
    const failure = await sendOne(notifier, notice);
    if (!failure) {
      await accepted(world, group, way, now, 'taken');
      continue;
    }
    for (const { page } of group) {
      await changeWay(world, page.id, way, (each) =>
        failure.kind === 'transient' ? failedWay(each, failure.message, now) : refusedWay(each, failure.message),
      );
    }
    // the others of this kind would only wait for the same silence; they are due in the next round
    if (failure.kind === 'transient') return;
  }
}

const sendOne = (notifier: Notifier, notice: Notice) =>
  notifier.send(notice).then(
    () => undefined,
    (thrown: unknown) => asDrError(thrown),
  );

const textFor = (way: Notifier['kind'], words: PageWords): string => words[way];

/** What one person is to be told by one way now; the worst and oldest first. */
function byPerson(due: readonly Delivery[], way: Way, now: Date): Delivery[][] {
  const groups = Map.groupBy(
    due.filter(({ page }) => dueWay(page, way, now)),
    // never told together with something else: a test, and what starts unless it is held
    ({ page }) => `${page.person}${page.why === 'test' || page.why === 'start' ? `/${page.id}` : ''}`,
  );
  const place = ({ page }: Delivery): string => `${page.severity}/${page.decidedAt.toISOString()}`;
  return [...groups.values()].map((group) => group.toSorted((a, b) => place(a).localeCompare(place(b))));
}

const incidentsOf = (group: readonly Delivery[]) => group.flatMap(({ page }) => (page.incident ? [page.incident] : []));

async function accepted(
  world: IncidentsWorld,
  [first, ...others]: readonly Delivery[],
  way: Way,
  now: Date,
  answer: string,
): Promise<void> {
  if (!first) return;
  // the others before the first: whoever dies in between sends the same notice again, which arrives once
  for (const { page } of others) {
    await changeWay(world, page.id, way, (each) => acceptedWay(each, now, `with ${first.page.id}`));
  }
  await changeWay(world, first.page.id, way, (each) => acceptedWay(each, now, answer));
}
