import { AlarmId, asDrError, DrError } from '#core';
import { type ControlStore, changeRecord, insertNew, type Stored } from '#ports';
import type { Alarm, BadSighting, Rule, Sighting } from './alarm.ts';
import { alarmsIn, type Watched, watchedIn } from './alarm-records.ts';

/** Words whose numbers only grow are written again at most this often: every time is an edit in the channel. */
const REWRITE_MS = 60_000;
/** What can't be seen for so long is told. */
const BLIND_AFTER_MS = 5 * 60_000;

/**
 * Has a rule look, and raises, changes or ends its alarms by what it saw. That it could not look is itself seen: after some
 * minutes it is an alarm, because who sees nothing must not say that all is well. Throws what the look throws; its alarms
 * have not changed then.
 */
export async function keepRule(store: ControlStore, rule: Rule): Promise<void> {
  const looked = await rule.look().catch(asDrError);
  if (looked instanceof DrError) {
    await keepSightings(store, blindTo(rule), [blindness(rule, looked)]);
    throw looked;
  }
  await keepSightings(store, rule, looked);
  await keepSightings(store, blindTo(rule), []);
}

type Patience = Pick<Rule, 'name' | 'raiseAfterMs' | 'overAfterMs'>;

const blindTo = ({ name }: Rule): Patience => ({ name: `blind/${name}`, raiseAfterMs: BLIND_AFTER_MS, overAfterMs: 0 });

const blindness = ({ name, about }: Rule, { code, message }: DrError): BadSighting => ({
  key: `blind/${name}`,
  state: 'bad',
  title: `Not seen: ${about}`,
  cause: [message],
  effect: ['No alarm about it can be raised or ended until it is seen again.'],
  next: 'dr doctor',
  numbers: {},
  mark: code,
});

/**
 * Whatever a thing's alarm becomes is decided by one compare-and-set of what is remembered of that thing, so several
 * processes that look at once raise one alarm, and a crash at any point is made good by the next look.
 */
async function keepSightings(store: ControlStore, rule: Patience, sightings: readonly Sighting[]): Promise<void> {
  const now = await store.now();
  const seen = new Set(sightings.map(({ key }) => key));
  const watched = await watchedIn(store).find({ where: { rule: rule.name }, limit: 500 });
  const gone = watched.flatMap(({ value }): Sighting[] =>
    seen.has(value.id) ? [] : [{ key: value.id, state: 'good' }],
  );
  for (const sighting of [...sightings, ...gone]) {
    if (sighting.state === 'bad') await keepBad(store, rule, sighting, now);
    else if (sighting.state === 'good') await keepGood(store, rule, sighting.key, now);
  }
}

async function keepBad(store: ControlStore, rule: Patience, sighting: BadSighting, now: Date): Promise<void> {
  const records = watchedIn(store);
  const found = (await records.get(sighting.key)) ?? (await beginWatching(store, rule, sighting.key, now));
  if (!found) return;
  const { goodSince, ...watched } = found.value;
  if (watched.alarm) {
    if (goodSince && !(await records.replace(found, watched))) return;
    const raised = await raiseOrRewrite(store, watched.alarm, sighting, watched.badSince, now);
    // whoever ended it died before this was forgotten; wrong again is another alarm
    if (raised?.state === 'over') await forget(store, sighting.key);
    return;
  }
  if (now.getTime() - watched.badSince.getTime() < rule.raiseAfterMs) return;
  const alarm = AlarmId.parse(`A-${await store.nextNumber('alarms')}`);
  if (!(await records.replace(found, { ...watched, alarm }))) return;
  await raiseOrRewrite(store, alarm, sighting, watched.badSince, now);
}

async function beginWatching(
  store: ControlStore,
  rule: Patience,
  key: string,
  now: Date,
): Promise<Stored<Watched> | undefined> {
  const records = watchedIn(store);
  await insertNew(records, { id: key, rule: rule.name, badSince: now });
  return records.get(key);
}

async function keepGood(store: ControlStore, rule: Patience, key: string, now: Date): Promise<void> {
  const records = watchedIn(store);
  const found = await records.get(key);
  if (!found) return;
  const { alarm, goodSince } = found.value;
  if (!alarm) {
    await records.remove(found);
    return;
  }
  if (goodSince === undefined && rule.overAfterMs > 0) {
    await records.replace(found, { ...found.value, goodSince: now });
    return;
  }
  if (now.getTime() - (goodSince ?? now).getTime() < rule.overAfterMs) return;
  // first the alarm, then what points to it: after a crash in between the next look ends it again, which changes nothing
  await changeRecord(alarmsIn(store), alarm, (current) =>
    current.state === 'over'
      ? undefined
      : { ...current, state: 'over' as const, overAt: goodSince ?? now, untold: true },
  );
  await records.remove(found);
}

/** The alarm that a thing points to: made if nobody got to it yet, with new words if they are other or old ones. */
async function raiseOrRewrite(
  store: ControlStore,
  id: AlarmId,
  { state: _, since, ...words }: BadSighting,
  firstSeen: Date,
  now: Date,
): Promise<Alarm | undefined> {
  const fresh: Alarm = {
    ...words,
    id,
    state: 'open',
    since: since && since < firstSeen ? since : firstSeen,
    raisedAt: now,
    changedAt: now,
    changes: 0,
    untold: true,
  };
  const alarms = alarmsIn(store);
  if (!(await alarms.get(id))) await insertNew(alarms, fresh);
  return changeRecord(alarms, id, (current) => {
    if (current.state === 'over') return undefined;
    const isOther = current.mark !== words.mark;
    if (!isOther && now.getTime() - current.changedAt.getTime() < REWRITE_MS) return undefined;
    const changes = current.changes + (isOther ? 1 : 0);
    return { ...current, ...words, changes, changedAt: now, untold: current.untold || isOther };
  });
}

async function forget(store: ControlStore, key: string): Promise<void> {
  const records = watchedIn(store);
  const found = await records.get(key);
  if (found) await records.remove(found);
}
