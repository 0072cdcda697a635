import type { RawDocument, RawValue } from '#core';
import type { Namespace, TailTarget } from '#ports';
import { idOfDocument, idText } from './lost-write.ts';

export const placeOf = (namespace: string): Namespace => ({
  database: namespace.slice(0, namespace.indexOf('.')),
  name: namespace.slice(namespace.indexOf('.') + 1),
});

/** Whether the new side has that collection. */
export async function isThere(target: TailTarget, namespace: string): Promise<boolean> {
  const { database, name } = placeOf(namespace);
  return (await target.collections(database)).some((each) => each.name === name && each.kind === 'collection');
}

/** What the new side has of these, by id as people read it; nothing where there is no such collection. */
export async function findThere(
  target: TailTarget,
  namespace: string,
  ids: readonly RawValue[],
): Promise<Map<string, RawDocument>> {
  if (ids.length === 0 || !(await isThere(target, namespace))) return new Map();
  const found = await target.byIds(placeOf(namespace), ids);
  return new Map(found.map((document) => [idText(idOfDocument(document)), document]));
}
