import type { PersonId, RequestId, Text } from '#core';
import type { Actor, EntryKind } from '#record';
import type { Incident } from './incident.ts';
import type { Question } from './questions.ts';

interface Fact {
  readonly kind: EntryKind;
  readonly by: Actor;
  readonly text: Text;
  /** Mentioned in the thread. */
  readonly notify?: readonly PersonId[];
  /** Asked directly as well. */
  readonly direct?: { readonly people: readonly PersonId[]; readonly question: Question };
  readonly request?: RequestId;
}

/** The incident with a fact that is to be told once the decision stands. */
export function withFact(incident: Incident, { kind, by, text, notify = [], direct, request }: Fact): Incident {
  const facts = incident.facts + 1;
  const entry = {
    id: `${incident.id}/${facts}`,
    kind,
    actor: by,
    text,
    notify: [...notify],
    direct: [...(direct?.people ?? [])],
    question: direct?.question ?? ('still-on-it' as const),
    ...(request ? { request } : {}),
  };
  return { ...incident, facts, untoldEntries: [...incident.untoldEntries, entry] };
}

/** An actor as words: a person by name, an outsider in quotes. */
export const who = (by: Actor, nameOf: (person: PersonId) => string): Text =>
  by === 'holdfast'
    ? ['Holdfast']
    : typeof by === 'string'
      ? [nameOf(by)]
      : [{ quote: by.outsider.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 80) }];
