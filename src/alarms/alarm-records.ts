import { z } from 'zod';
import { AlarmId } from '#core';
import type { ControlStore, Records } from '#ports';
import { Alarm } from './alarm.ts';

/** What is remembered of one thing between looks, while it is wrong or its alarm is open. */
export const Watched = z.object({
  /** The key of its sightings. */
  id: z.string(),
  rule: z.string(),
  badSince: z.date(),
  /** Since when it is well again, while its alarm is still open. */
  goodSince: z.date().optional(),
  alarm: AlarmId.optional(),
});
export type Watched = z.output<typeof Watched>;

export const alarmsIn = (store: ControlStore): Records<Alarm> =>
  store.records('alarms', Alarm, { indexed: ['state', 'untold', 'raisedAt'] });

export const watchedIn = (store: ControlStore): Records<Watched> =>
  store.records('alarm-watch', Watched, { indexed: ['rule'] });

/** An alarm as it is now, or as it ended. */
export const readAlarm = async (store: ControlStore, id: AlarmId): Promise<Alarm | undefined> =>
  (await alarmsIn(store).get(id))?.value;
