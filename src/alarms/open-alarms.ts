import type { ControlStore } from '#ports';
import type { Alarm } from './alarm.ts';
import { alarmsIn } from './alarm-records.ts';

const MOST = 100;

/** Every alarm that is open now, the oldest first. Throws STORE_UNAVAILABLE (transient). */
export async function openAlarms(store: ControlStore): Promise<Alarm[]> {
  const found = await alarmsIn(store).find({
    where: { state: 'open' },
    sort: { by: 'raisedAt', order: 'ascending' },
    limit: MOST,
  });
  return found.map(({ value }) => value);
}
