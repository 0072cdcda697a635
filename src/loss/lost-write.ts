import { BsonType, elementOf, type RawDocument, type RawValue, requiredElement, stringOf, valueKey } from '#core';
import type { LostOperation } from './loss-world.ts';
import type { MissingWrite } from './receipt.ts';

/** An `_id` as people read it, and different for ids that differ. */
export function idText(id: RawValue): string {
  if (id.type === BsonType.string) return textId(stringOf(id));
  if (id.type === BsonType.objectId) return `id:${id.bytes.toString('hex')}`;
  const key = valueKey(id);
  return /^n-?[0-9.e+-]+$/.test(key) ? key.slice(1) : `id:${Buffer.from(key, 'latin1').toString('hex')}`;
}

/** An `_id` that is text. What could be read as something else is in quotes. */
export const textId = (text: string): string =>
  /^[\w.:/@ -]{1,200}$/.test(text) && !/^(id:|-?[0-9.e+-]+$)/.test(text) ? text : JSON.stringify(text);

export const idOfDocument = (document: RawDocument): RawValue => requiredElement(document, '_id');

const KINDS = { i: 'insert', u: 'update', d: 'delete' } as const;

/** What kind of write it is; undefined for what writes no document. */
export const kindOf = (operation: string): MissingWrite['what'] | undefined =>
  operation === 'i' || operation === 'u' || operation === 'd' ? KINDS[operation] : undefined;

/** The `_id` a write is about; undefined for what writes no document. */
export function idOfWrite({ operation, body, about }: LostOperation): RawValue | undefined {
  if (kindOf(operation) === undefined) return undefined;
  return elementOf(operation === 'u' ? (about ?? body) : body, '_id');
}

/** The write as a receipt lists it. */
export function missingOf(operation: LostOperation, known: MissingWrite['known']): MissingWrite | undefined {
  const id = idOfWrite(operation);
  const what = kindOf(operation.operation);
  if (!id || !what) return undefined;
  return { namespace: operation.namespace, id: idText(id), at: new Date(operation.at.seconds * 1000), known, what };
}
