import { documentsOf, type RawDocument, type RawValue, valueKey } from '#core';
import { formatOplogTime, type MemberOplog, type OplogTime, type OpTime } from '#ports';
import { type Databases, entryTerm, entryTime, isKept } from '#vault';
import type { LostHistory, LostOperation } from './loss-world.ts';
import { idOfDocument, idOfWrite } from './lost-write.ts';

/** What one member has and the new side does not. */
export interface Divergent {
  readonly host: string;
  readonly newest: OpTime;
  /** In scope, in order, as they stand in its oplog. */
  readonly entries: readonly RawDocument[];
  /** By collection, the documents that those entries are about, as they stand on that member. */
  readonly documents: readonly DivergentDocuments[];
  /** What could not be looked at, as a sentence. */
  readonly lacks: string | undefined;
}

export interface DivergentDocuments {
  readonly namespace: string;
  readonly uuid: string;
  readonly documents: readonly RawDocument[];
}

/**
 * A server that was killed and runs alone now has its documents as of its last checkpoint, and its oplog to the end. So its
 * entries are applied to them once more, from so long before the fork on; checkpoints are a minute apart. In seconds.
 */
const BEFORE_FORK_SECONDS = 300;

/**
 * Reads what a returned member wrote after the newest entry that both sides have, and the documents it is about. Entries that
 * the new primary has too are none of them: the member may have followed it for a moment. Changes nothing.
 */
export async function readDivergent(
  member: MemberOplog,
  primary: MemberOplog,
  forkedAt: OpTime,
  { databases, history }: { readonly databases: Databases; readonly history: LostHistory },
): Promise<Divergent> {
  const newest = await member.newest();
  const oldest = await member.oldest();
  const reachesBack = oldest.seconds < forkedAt.seconds || (await member.entryAt(forkedAt)) !== undefined;
  const shared = await placesIn(primary, forkedAt, newest);
  const entries: RawDocument[] = [];
  for await (const batch of member.between(forkedAt, newest)) {
    for (const entry of documentsOf(batch)) {
      if (isKept(entry, databases) && !shared.has(placeOf(entry))) entries.push(Buffer.from(entry));
    }
  }
  const documents = await documentsOfAll(member, entries, history, forkedAt);
  const lacks = reachesBack
    ? undefined
    : `The oplog of ${member.host} begins at ${formatOplogTime(oldest)}: what it wrote before is not known.`;
  return { host: member.host, newest, entries, documents, lacks };
}

async function placesIn(primary: MemberOplog, after: OplogTime, through: OplogTime): Promise<Set<string>> {
  const places = new Set<string>();
  for await (const batch of primary.between(after, through)) {
    for (const entry of documentsOf(batch)) places.add(placeOf(entry));
  }
  return places;
}

const placeOf = (entry: RawDocument): string => `${entryTerm(entry)} ${formatOplogTime(entryTime(entry))}`;

interface Concerned {
  readonly namespace: string;
  readonly ids: Map<string, RawValue>;
}

async function documentsOfAll(
  member: MemberOplog,
  entries: readonly RawDocument[],
  history: LostHistory,
  forkedAt: OpTime,
): Promise<DivergentDocuments[]> {
  const concerned = new Map<string, Concerned>();
  for await (const operation of history.committed(asStream(entries))) {
    const id = idOfWrite(operation);
    if (!id || !operation.uuid) continue;
    const mine = concerned.get(operation.uuid) ?? { namespace: operation.namespace, ids: new Map<string, RawValue>() };
    concerned.set(operation.uuid, mine);
    mine.ids.set(valueKey(id), id);
  }
  const before = { seconds: Math.max(0, forkedAt.seconds - BEFORE_FORK_SECONDS), increment: 0 };
  const operations: LostOperation[] = [];
  for await (const operation of history.committed(eachOf(member.between(before)))) {
    const id = idOfWrite(operation);
    if (id && concerned.get(operation.uuid ?? '')?.ids.has(valueKey(id))) operations.push(operation);
  }
  const found: DivergentDocuments[] = [];
  for (const [uuid, one] of concerned) {
    const database = one.namespace.slice(0, one.namespace.indexOf('.'));
    const place = await member.nameOf(database, uuid);
    const there = place ? await member.documents(database, uuid, [...one.ids.values()]) : [];
    const documents = brought(
      there,
      operations.filter((operation) => operation.uuid === uuid),
      history,
    );
    found.push({ namespace: place ? `${place.database}.${place.name}` : one.namespace, uuid, documents });
  }
  return found;
}

/** The documents after those writes; a write that they have already changes nothing. */
function brought(there: readonly RawDocument[], writes: readonly LostOperation[], history: LostHistory): RawDocument[] {
  const documents = new Map(there.map((document) => [valueKey(idOfDocument(document)), document]));
  for (const write of writes) {
    const id = idOfWrite(write);
    if (!id) continue;
    const key = valueKey(id);
    const after =
      write.operation === 'i'
        ? write.body
        : write.operation === 'u'
          ? history.after(write, documents.get(key))
          : undefined;
    if (after) documents.set(key, after);
    else documents.delete(key);
  }
  return [...documents.values()];
}

async function* eachOf(batches: AsyncIterable<Buffer>): AsyncGenerator<RawDocument> {
  for await (const batch of batches) for (const entry of documentsOf(batch)) yield Buffer.from(entry);
}

export async function* asStream(entries: readonly RawDocument[]): AsyncGenerator<RawDocument> {
  yield* entries;
}
