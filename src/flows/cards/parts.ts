import type { Section } from '#chatops';
import { bold, type RequestId, type Text, type TextPiece } from '#core';
import type { Button, Card, CardPart } from '#ports';

/** Lines of one paragraph. */
export const lines = (...paragraph: readonly Text[]): CardPart => ({
  kind: 'text',
  text: paragraph.flatMap((line, index) => (index === 0 ? line : ['\n', ...line])),
});

/** The first line of a card: `*APPROVAL NEEDED - planned failover us-east-1 -> us-west-2*   R-42`. */
export const title = (state: string, what: string, id: RequestId): Text => [bold(`${state} - ${what}`), `   ${id}`];

/** A headed paragraph; the heading stands on its own line. */
export const section = ({ heading, lines: body }: Section): CardPart =>
  lines(...(heading ? [[bold(heading)] satisfies Text] : []), ...body);

export const small = (...pieces: TextPiece[]): CardPart => ({ kind: 'small', text: pieces });

/** At most three in a row, the rest behind the menu: more do not fit a phone. */
export const buttons = (row: readonly Button[], more: readonly Button[] = []): CardPart[] =>
  row.length + more.length === 0
    ? []
    : [{ kind: 'buttons', buttons: row.slice(0, 3), more: [...row.slice(3), ...more] }];

export const card = (push: string, parts: readonly (CardPart | CardPart[])[]): Card => ({ push, parts: parts.flat() });
