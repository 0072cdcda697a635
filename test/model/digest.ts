import { createHash } from 'node:crypto';
import { elementOf } from '#core';

/** Of a document: a hash of its bytes, and its `_id`, so that a difference can be named. */
export function digest(document: Buffer): string {
  const id = elementOf(document, '_id');
  const name = id ? `${id.type.toString(16)}:${id.bytes.toString('hex').slice(0, 48)}` : 'none';
  return `${createHash('sha256').update(document).digest('base64').slice(0, 27)} ${name}`;
}

/** What is in one and not in the other, each document as often as it is there. */
export function difference(was: readonly string[], is: readonly string[]): { missing: string[]; tooMuch: string[] } {
  const left = new Map<string, number>();
  for (const each of was) left.set(each, (left.get(each) ?? 0) + 1);
  const tooMuch: string[] = [];
  for (const each of is) {
    const count = left.get(each) ?? 0;
    if (count > 0) left.set(each, count - 1);
    else tooMuch.push(each);
  }
  return { missing: [...left].flatMap(([each, count]) => Array.from({ length: count }, () => each)), tooMuch };
}
