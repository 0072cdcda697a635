import type { Filter } from 'mongodb';
import type { Query } from '#ports';

/** What a record looks like in MongoDB: the value apart, so that our own fields never meet the caller's. */
export interface RecordDocument {
  _id: string;
  revision: number;
  /** Marks of the newest writes: a writer that lost the answer finds out whether its write arrived. */
  writes: string[];
  value: unknown;
}

/** A query of the port as a MongoDB filter. An absent or undefined condition is no condition. */
export function queryToFilter<T>(where: Query<T>['where'] = {}): Filter<RecordDocument> {
  const filter: Record<string, unknown> = {};
  for (const [field, condition] of Object.entries(where)) {
    if (condition !== undefined) filter[pathOf(field)] = toOperator(condition);
  }
  return filter as Filter<RecordDocument>;
}

/** `id` is the document's own `_id`, which always has an index. */
export const pathOf = (field: string): string => (field === 'id' ? '_id' : `value.${field}`);

function toOperator(condition: unknown): unknown {
  if (typeof condition !== 'object' || condition === null || condition instanceof Date) return { $eq: condition };
  if ('in' in condition) return { $in: condition.in };
  if ('above' in condition) return { $gt: condition.above };
  if ('atLeast' in condition) return { $gte: condition.atLeast };
  if ('below' in condition) return { $lt: condition.below };
  return { $eq: condition };
}
