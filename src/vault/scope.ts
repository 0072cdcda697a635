import { z } from 'zod';

/** Which databases a backup covers. The system's own (`admin`, `config`, `local`) are never among them. */
export const Databases = z.object({
  include: z.union([z.literal('all'), z.array(z.string())]),
  /** Taken out of what `include` names: Holdfast's own control data, if it lives in the same servers. */
  exclude: z.array(z.string()),
});
export type Databases = z.output<typeof Databases>;

/** Collections that a restore of ours made, or put aside. They are copies, and some day they are dropped. */
export const OURS = '__hf_';

/** Before the name of a time-series collection: what holds its documents. */
export const BUCKETS = 'system.buckets.';

/** Whether a collection is one of those, by its name. */
export const isOurs = (name: string): boolean => name.startsWith(OURS) || name.startsWith(`${BUCKETS}${OURS}`);

/** Where transactions and their ends are written, whatever databases they touch. */
export const TRANSACTIONS = 'admin.$cmd';

/** Whether a namespace (`database.collection`) is in a backup. A database that appears while it is taken is. */
export function inScope(wanted: Databases, namespace: string): boolean {
  const dot = namespace.indexOf('.');
  const database = namespace.slice(0, dot);
  const name = namespace.slice(dot + 1);
  if (['admin', 'config', 'local', ''].includes(database) || wanted.exclude.includes(database)) return false;
  if (wanted.include !== 'all' && !wanted.include.includes(database)) return false;
  return name !== 'system.profile' && !isOurs(name);
}
