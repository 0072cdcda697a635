import type { Section } from '#chatops';
import { at, bold, capital, say, type Text } from '#core';
import type { DriftRow } from '../drift.ts';
import type { RequestView } from './request-view.ts';

/** More of them are in the record. */
const SHOWN = 6;

/** What passed a limit is why people look twice; it stands first. */
const byWeight = (rows: readonly DriftRow[]): DriftRow[] => [...rows].sort((a, b) => Number(b.over) - Number(a.over));

const figures = ({ before, after }: DriftRow): string => `${before} -> ${after}`;

/** As a sentence without its full stop: figures where a limit was passed, names of what is different otherwise. */
export function voidedCause(rows: readonly DriftRow[]): string {
  const [first] = byWeight(rows);
  if (!first) return 'Something changed before it could start, and is as it was again';
  if (first.over) return `${capital(first.what)} ${figures(first)}, over the limit`;
  const names = rows.slice(0, SHOWN).map(({ what }) => what);
  return `Changed before it could start: ${names.join(', ')}`;
}

/** For a locked telephone: that earlier approvals are void, why, and that nothing happened. */
export function voidedPush({ request }: RequestView): string | undefined {
  if (!request.voided) return undefined;
  return `Approvals for ${request.id} are void: ${voidedCause(request.voided.rows)}. Nothing was changed. Approve the new preview?`;
}

/** What is different from what people had approved, figure by figure. */
export function voidedSections({ request }: RequestView): Section[] {
  const { voided } = request;
  if (!voided) return [];
  const changes = byWeight(voided.rows)
    .slice(0, SHOWN)
    .map(
      (row): Text =>
        row.over
          ? say`${capital(row.what)}: ${figures(row)}  ${bold('OVER LIMIT')}`
          : [`${capital(row.what)}: ${figures(row)}`],
    );
  const none: Text[] = [['Something did, and is as it was again.']];
  return [
    { lines: [say`${bold('VOID')} ${at(voided.at)}: earlier approvals no longer count. Nothing was changed.`] },
    { heading: 'What changed since it was approved', lines: changes.length > 0 ? changes : none },
  ];
}
