import { documentsOf, type RawDocument, type RawValue, valueKey } from '#core';
import { formatOplogTime, type MemberOplog, type OplogTime, type OpTime } from '#ports';
import { type Databases, entryTerm, entryTime, isKept } from '#vault';
import type { LostHistory } from './loss-world.ts';
import { idOfWrite, kindOf } from './lost-write.ts';

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
  const documents = await documentsOfAll(member, entries, history);
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

async function documentsOfAll(
  member: MemberOplog,
  entries: readonly RawDocument[],
  history: LostHistory,
): Promise<DivergentDocuments[]> {
  const ids = new Map<string, { namespace: string; ids: Map<string, RawValue> }>();
  for await (const operation of history.committed(asStream(entries))) {
    const id = idOfWrite(operation);
    if (!id || !operation.uuid || kindOf(operation.operation) === undefined) continue;
    const mine = ids.get(operation.uuid) ?? { namespace: operation.namespace, ids: new Map<string, RawValue>() };
    ids.set(operation.uuid, mine);
    mine.ids.set(valueKey(id), id);
  }
  const found: DivergentDocuments[] = [];
  for (const [uuid, { namespace, ids: wanted }] of ids) {
    const database = namespace.slice(0, namespace.indexOf('.'));
    // renamed or dropped there since: what is gone with it can't be read
    const place = await member.nameOf(database, uuid);
    const documents = place ? await member.documents(database, uuid, [...wanted.values()]) : [];
    found.push({ namespace: place ? `${place.database}.${place.name}` : namespace, uuid, documents });
  }
  return found;
}

export async function* asStream(entries: readonly RawDocument[]): AsyncGenerator<RawDocument> {
  yield* entries;
}
