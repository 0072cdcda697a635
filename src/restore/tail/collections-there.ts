import { elementOf, numberOf, type RawDocument } from '#core';
import type { Namespace, TailTarget, TargetCollection } from '#ports';
import { indexName } from '../fold-catalog.ts';
import { databaseOf, notReplayable, type OplogEntry } from '../oplog-entry.ts';

/** A collection of the new primary, as a replay needs to know it. */
export interface CollectionThere extends Namespace {
  readonly capped: boolean;
  /** Has a unique index besides the one on `_id`: states in between could break it. */
  readonly unique: boolean;
}

/**
 * The new primary's collections by the UUID that the oplog knows them by. What the survivor had keeps its UUID; what the
 * replay makes gets one of its own, and `ours` says which, so that a replay that is taken up again knows them too.
 */
export class CollectionsThere {
  readonly #target: TailTarget;
  readonly #ours: Map<string, string>;
  readonly #found = new Map<string, Map<string, TargetCollection>>();
  readonly #known = new Map<string, CollectionThere>();

  constructor(target: TailTarget, ours: Readonly<Record<string, string>>) {
    this.#target = target;
    this.#ours = new Map(Object.entries(ours));
  }

  /** By the oplog's UUID, the server's own, of collections that the replay made. */
  get ours(): Record<string, string> {
    return Object.fromEntries(this.#ours);
  }

  /** Everything in a database now, by its server's UUID. */
  async in(database: string): Promise<ReadonlyMap<string, TargetCollection>> {
    const known = this.#found.get(database);
    if (known) return known;
    const listed = await this.#target.collections(database);
    const found = new Map(listed.map((each) => [each.uuid || each.name, each]));
    this.#found.set(database, found);
    return found;
  }

  /** Something was changed: what was seen of it counts no more. */
  forget(database: string): void {
    this.#found.delete(database);
    this.#known.clear();
  }

  made(oplogUuid: string, serverUuid: string): void {
    this.#ours.set(oplogUuid, serverUuid);
  }

  /** Where the collection with this UUID of the oplog stands; undefined when it is gone. */
  async at(database: string, uuid: string): Promise<TargetCollection | undefined> {
    return (await this.in(database)).get(this.#ours.get(uuid) ?? uuid);
  }

  /** The collection that a write is about. Throws NOT_REPLAYABLE (permanent) when there is none. */
  async of(entry: OplogEntry): Promise<CollectionThere> {
    if (!entry.uuid) throw notReplayable(entry, 'a write without a collection UUID');
    const known = this.#known.get(entry.uuid);
    if (known) return known;
    const found = await this.at(databaseOf(entry.namespace), entry.uuid);
    if (!found) throw notReplayable(entry, `it is about ${entry.namespace}, which is not there`);
    const capped = elementOf(found.options, 'capped') !== undefined;
    const indexes = await this.#target.indexes(found);
    const there = { database: found.database, name: found.name, capped, unique: indexes.some(isUnique) };
    this.#known.set(entry.uuid, there);
    return there;
  }
}

function isUnique(spec: RawDocument): boolean {
  if (elementOf(spec, 'clustered') || indexName(spec) === '_id_') return false;
  return ['unique', 'prepareUnique'].some((name) => {
    const value = elementOf(spec, name);
    return value !== undefined && numberOf(value) !== 0;
  });
}
