import { unreachable } from '#core';
import type { Card, CardPart } from '#ports';
import { type Reader, renderText } from './render-text.ts';

/** A card for a terminal, at most `columns` wide. Buttons become the commands behind them. */
export function renderCard(card: Card, reader: Reader, columns: number): string {
  const width = Math.max(40, Math.min(columns, 100));
  return card.parts
    .map((part) => renderPart(part, reader, width))
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderPart(part: CardPart, reader: Reader, width: number): string {
  switch (part.kind) {
    case 'text':
    case 'small':
      return wrap(renderText(part.text, reader), width);
    case 'bar': {
      const cells = Math.min(32, width - 2);
      const full = Math.round(part.share * cells);
      return `[${'#'.repeat(full)}${'-'.repeat(cells - full)}]`;
    }
    case 'buttons':
      return part.buttons
        .flatMap(({ id, value }) => COMMAND_OF[id]?.(value) ?? [])
        .map((command) => `  ${command}`)
        .join('\n');
    case 'divider':
      return '-'.repeat(Math.min(width, 58));
    default:
      return unreachable(part);
  }
}

/** What to type instead of pressing. A button's value is the request and the hash of the preview it was drawn for. */
const COMMAND_OF: Readonly<Record<string, (value: string) => string>> = {
  approve: (value) =>
    `dr approve ${idOf(value)} --preview ${value.split(' ')[1]?.replace(/^(.{4})(.{4}).*/, '$1-$2') ?? ''}`,
  deny: (value) => `dr deny ${idOf(value)} --reason "..."`,
  hold: (value) => `dr hold ${idOf(value)}`,
  'go-on': (value) => `dr resume ${idOf(value)}`,
  stop: (value) => `dr stop ${idOf(value)}`,
  details: (value) => `dr show ${idOf(value)} --details`,
  'inc-ack': (value) => `dr ack ${idOf(value)}`,
  'inc-page': (value) => `dr page <person or role> ${idOf(value)}`,
  'inc-hand': (value) => `dr incident hand-over <person> ${idOf(value)}`,
  'inc-raise': (value) => `dr incident sev ${value.slice(-1)} ${idOf(value)} --page`,
  'inc-show': (value) => `dr incident show ${idOf(value)}`,
  'inc-reopen': (value) => `dr incident reopen ${idOf(value)} --reason "..."`,
  'inc-record': (value) => `dr timeline ${idOf(value)}`,
  record: (value) => `dr timeline ${idOf(value)}`,
};

const idOf = (value: string): string => value.split(' ')[0] ?? '';

/** Breaks long lines between words; colour codes take no room. */
function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const indent = /^\s*/.exec(line)?.[0] ?? '';
      const rows: string[] = [];
      let row = '';
      for (const word of line.split(/(?<=\S)(?=\s)/)) {
        if (row !== '' && visible(row + word) > width) {
          rows.push(row);
          row = indent + word.trimStart();
        } else row += word;
      }
      return [...rows, row].join('\n');
    })
    .join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are our own colour codes, which take no columns.
const visible = (text: string): number => text.replace(/\u001b\[\d+m/g, '').length;
