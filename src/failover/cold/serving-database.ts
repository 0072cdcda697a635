import { z } from 'zod';
import { Region, RequestId } from '#core';
import { type ControlStore, changeRecord, insertNew, type Records } from '#ports';

/** The database that serves since a cold region was built: another replica set than the one that was lost. */
export const ServingDatabase = z.object({
  id: z.literal('now'),
  region: Region,
  host: z.string(),
  run: RequestId,
  at: z.date(),
});
export type ServingDatabase = z.output<typeof ServingDatabase>;
export type ServingDatabases = Records<ServingDatabase>;

const NOW = 'now';

export const openServingDatabases = (store: ControlStore): ServingDatabases =>
  store.records<ServingDatabase>('serving-database', ServingDatabase);

/** Undefined while it is the environment's. Throws STORE_UNAVAILABLE (transient). */
export const servingDatabase = async (databases: ServingDatabases): Promise<ServingDatabase | undefined> =>
  (await databases.get(NOW))?.value;

/** Writes down which database serves from now on. Idempotent for a run. */
export async function noteServing(databases: ServingDatabases, next: Omit<ServingDatabase, 'id'>): Promise<void> {
  const whole: ServingDatabase = { ...next, id: NOW };
  const changed = await changeRecord(databases, NOW, (known) => (known.run === next.run ? known : whole));
  if (!changed) await insertNew(databases, whole);
}
