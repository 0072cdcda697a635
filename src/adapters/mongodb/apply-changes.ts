import { DrError, type RawDocument, type RawValue, rawBoolean, rawDocument, rawEmbedded, rawInt32 } from '#core';
import type { DocumentChange, Namespace } from '#ports';
import { byId, emptyTimestamps, patchStatement, restoreTimestamps } from './empty-timestamps.ts';
import { diskFull, isDiskFull } from './engine-errors.ts';
import { rawWrite, type WriteProblem, type WriteTo } from './raw-write.ts';
import { isRepeated, type Patch, sortPatches } from './repeated-names.ts';

const DUPLICATE_KEY = 11000;

/** Inserts documents that are not there yet. Throws DATABASE_REFUSED (permanent) for one that the server refuses. */
export async function insertAll(to: WriteTo, at: Namespace, documents: readonly RawDocument[]): Promise<void> {
  const problems = await write(to, at, 'insert', documents);
  const refused = problems.find(({ code }) => code !== DUPLICATE_KEY);
  if (refused) throw refusal(at, refused);
  await repairTimestamps(to, at, documents);
}

/** Does changes in order. Neighbours of one kind go to the server together. */
export async function applyAll(to: WriteTo, at: Namespace, changes: readonly DocumentChange[]): Promise<void> {
  let from = 0;
  while (from < changes.length) {
    const kind = changes[from]?.kind;
    let end = from;
    while (end < changes.length && changes[end]?.kind === kind) end += 1;
    await applyRun(to, at, changes.slice(from, end));
    from = end;
  }
}

/** Removes what has these ids and inserts these documents; in a transaction nobody sees what is between. */
export async function replaceAll(
  to: WriteTo,
  at: Namespace,
  ids: readonly RawValue[],
  documents: readonly RawDocument[],
): Promise<void> {
  await mustSucceed(to, at, 'delete', ids.map(removeStatement));
  await mustSucceed(to, at, 'insert', documents);
  await repairTimestamps(to, at, documents);
}

async function applyRun(to: WriteTo, at: Namespace, changes: readonly DocumentChange[]): Promise<void> {
  const removes: RawDocument[] = [];
  const patches: Patch[] = [];
  const puts: Put[] = [];
  for (const change of changes) {
    if (change.kind === 'remove') removes.push(removeStatement(change.id));
    else if (change.kind === 'patch') patches.push(change);
    else puts.push(change);
  }
  await mustSucceed(to, at, 'delete', removes);
  if (patches.length > 0) {
    const { plain, documents } = await sortPatches(to, at, patches);
    // one document may have several patches, and their order matters
    const statements = plain.map(({ id, update }) => patchStatement(id, update));
    await mustSucceed(to, at, 'update', statements, true);
    puts.push(...documents);
  }
  if (puts.length > 0) await putAll(to, at, puts);
}

type Put = { readonly id: RawValue; readonly document: RawDocument };

/**
 * Insert, since most are not there yet; replace what is. A document that can't be replaced in place (an `_id` equal
 * only by collation or number type, field names that look like operators) is removed and inserted.
 */
async function putAll(to: WriteTo, at: Namespace, puts: readonly Put[]): Promise<void> {
  const refused = await write(
    to,
    at,
    'insert',
    puts.map(({ document }) => document),
  );
  const wrong = refused.find(({ code }) => code !== DUPLICATE_KEY);
  if (wrong) throw refusal(at, wrong);
  const present = refused.flatMap(({ index }) => puts[index] ?? []);
  const unreplaced = await write(to, at, 'update', present.map(replaceStatement));
  const again = unreplaced.flatMap(({ index }) => present[index] ?? []);
  await mustSucceed(
    to,
    at,
    'delete',
    again.map(({ id }) => removeStatement(id)),
  );
  await mustSucceed(
    to,
    at,
    'insert',
    again.map(({ document }) => document),
  );
  await repairTimestamps(
    to,
    at,
    puts.map(({ document }) => document),
  );
}

const replaceStatement = ({ id, document }: Put): RawDocument =>
  rawDocument([
    ['q', byId(id)],
    ['u', rawEmbedded(document)],
    ['multi', rawBoolean(false)],
  ]);

const removeStatement = (id: RawValue): RawDocument =>
  rawDocument([
    ['q', byId(id)],
    ['limit', rawInt32(1)],
  ]);

async function repairTimestamps(to: WriteTo, at: Namespace, documents: readonly RawDocument[]): Promise<void> {
  const repairs = documents.flatMap((document) => {
    const fields = emptyTimestamps(document);
    if (fields.some(([name]) => isRepeated(document, name))) throw notRepairable(at);
    return fields.length > 0 ? [restoreTimestamps(document, fields)] : [];
  });
  await mustSucceed(to, at, 'update', repairs);
}

type Kind = 'insert' | 'update' | 'delete';

async function mustSucceed(
  to: WriteTo,
  at: Namespace,
  kind: Kind,
  statements: readonly RawDocument[],
  ordered = false,
): Promise<void> {
  const [problem] = await write(to, at, kind, statements, ordered);
  if (problem) throw refusal(at, problem);
}

async function write(
  to: WriteTo,
  at: Namespace,
  kind: Kind,
  statements: readonly RawDocument[],
  ordered = false,
): Promise<WriteProblem[]> {
  if (statements.length === 0) return [];
  const { database, name: collection } = at;
  return rawWrite({ ...to, database, collection, kind, statements, ordered });
}

/** The server would put its time into them, and can't be asked to put it right: see `sortPatches`. */
const notRepairable = ({ database, name }: Namespace): DrError =>
  new DrError(
    'DATABASE_REFUSED',
    'permanent',
    `${database}.${name} has a document with an empty timestamp whose name is there twice: no server takes it as it was.`,
    { hint: 'Leave that collection out: --only' },
  );

const refusal = ({ database, name }: Namespace, { code, message }: WriteProblem): DrError =>
  isDiskFull(code, message)
    ? diskFull(`write to ${database}.${name}`)
    : new DrError('DATABASE_REFUSED', 'permanent', `${database}.${name} did not take a document: ${message}`, {
        data: { serverCode: code },
      });
