import { at, bold, mention, outside, type Text } from '#core';
import type { Incident } from '#incidents';
import type { Actor } from '#record';

/** What it is called, on one line and short enough for a lock screen; in quotes where somebody typed it. */
export function titleOf({ title, openedBy }: Pick<Incident, 'title' | 'openedBy'>): string {
  const piece = outside(title);
  const words = typeof piece === 'object' && 'quote' in piece ? piece.quote : title;
  return openedBy === 'holdfast' ? words : `"${words}"`;
}

/** `SEV-1 OPEN - us-east-1 database has no primary`. */
export const headOf = (incident: Incident, state: string): string => `${state} - ${titleOf(incident)}`;

export const actorWords = (actor: Actor): Text =>
  actor === 'holdfast' ? ['Holdfast'] : [typeof actor === 'string' ? mention(actor) : outside(actor.outsider)];

/** One line of a list: `SEV-1 INC-17 us-east-1 database has no primary since 03:02:10, John Smith has it`. */
export function incidentLine(incident: Incident): Text {
  const { id, severity, since, legs } = incident;
  const holders = [...new Set(legs.flatMap(({ hold }) => (hold ? [hold.by] : [])))];
  const who: Text =
    holders.length === 0
      ? ['nobody has it']
      : [...holders.flatMap((person, index) => (index ? [', ', mention(person)] : [mention(person)])), ' on it'];
  return [bold(`${severity.toUpperCase()} ${id}`), ` ${titleOf(incident)} since `, at(since), ', ', ...who];
}
