import type { Document, MongoClient } from 'mongodb';

/** A collection as `listCollections` and `listIndexes` show it. */
export interface Listed {
  readonly database: string;
  readonly name: string;
  readonly type: string;
  readonly uuid: string | undefined;
  readonly options: Document;
  readonly indexes: readonly Document[];
}

const isTheirs = (name: string): boolean => name !== 'system.views' && !name.includes('__hf_');

/**
 * Everything in a database but what a restore of ours made, or what is wanted of it. Of two looks that say the same, nothing
 * changed between.
 */
export async function listAll(
  client: MongoClient,
  database: string,
  isWanted: (name: string) => boolean = isTheirs,
): Promise<Listed[]> {
  const db = client.db(database);
  const found: Listed[] = [];
  for (const info of await db.listCollections({}, { promoteValues: false }).toArray()) {
    const { name, type } = info;
    if (!isWanted(name)) continue;
    const indexes = type === 'collection' ? await db.collection(name).listIndexes().toArray() : [];
    const uuid = 'info' in info ? info.info?.uuid?.toString('hex') : undefined;
    const options = 'options' in info ? (info.options ?? {}) : {};
    found.push({ database, name, type: type ?? '', uuid, options, indexes });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface Made {
  /** Options and indexes as text, in one order; without when documents expire. */
  readonly text: string;
  /** `index seconds`; of the collection itself `- seconds`. */
  readonly expires: readonly string[];
  readonly capped: boolean;
}

/** What of a listing is compared. When documents expire is told apart: a restore switches that on last. */
export function madeOf({ options, indexes }: Pick<Listed, 'options' | 'indexes'>): Made {
  const { expireAfterSeconds, ...others } = options;
  const expires = indexes.flatMap((index) =>
    index['expireAfterSeconds'] === undefined ? [] : [`${index['name']} ${Number(index['expireAfterSeconds'])}`],
  );
  if (expireAfterSeconds !== undefined) expires.push(`- ${Number(expireAfterSeconds)}`);
  const plain = indexes.map(({ expireAfterSeconds: _, ns: __, ...index }) => sorted(index));
  return {
    text: JSON.stringify({ options: sorted(others), indexes: plain.map((each) => JSON.stringify(each)).sort() }),
    expires: expires.sort(),
    capped: Boolean(options['capped']),
  };
}

/** Fields in one order, so that only what they say is compared; of a key the order says something. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value.constructor !== Object) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    name === 'key' ? Object.entries(each) : sorted(each),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
