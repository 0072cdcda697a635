import { z } from 'zod';
import { canonicalJson, type PersonId, type Text } from '#core';
import type { EntryKind, NewEntry, Timeline } from '#record';
import type { RequestRecord } from './request-record.ts';

/** Any value as the record keeps it: dates as ISO texts, nothing that JSON would lose silently. */
export const asJson = (value: Readonly<Record<string, unknown>>): NonNullable<NewEntry['data']> =>
  z.record(z.string(), z.json()).parse(JSON.parse(canonicalJson(value)));

/**
 * Writes one fact about a request into the record; the thread is written from there. The entry's key is made of the
 * request, its round (how often it was voided), the kind and `part`, so telling twice keeps one entry.
 */
export async function tell(
  flow: { readonly timeline: Timeline },
  request: RequestRecord,
  kind: EntryKind,
  text: Text,
  more: {
    actor?: NewEntry['actor'];
    notify?: readonly PersonId[];
    data?: NonNullable<NewEntry['data']>;
    part?: string;
  } = {},
): Promise<void> {
  const asker = request.via === 'incident' ? 'holdfast' : (request.asker.person ?? { outsider: request.asker.name });
  await flow.timeline.append({
    id: [request.id, kind, request.voids, ...(more.part ? [more.part] : [])].join('/'),
    request: request.id,
    kind,
    actor: more.actor ?? asker,
    text,
    notify: [...new Set(more.notify ?? [])],
    inThread: !request.quiet,
    data: more.data ?? {},
  });
}
