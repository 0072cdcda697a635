import { type Text, unreachable } from '#core';
import type { Card, CardPart } from '#ports';
import { cut } from './cut.ts';
import { neutral } from './neutral.ts';
import { renderBar } from './render-bar.ts';
import { renderButtons } from './render-buttons.ts';
import { renderText, type SlackNames } from './render-text.ts';
import type { KnownBlock } from './slack-types.ts';

const MOST_BLOCKS = { message: 50, modal: 100 } as const;
/** Slack refuses a message with much more than 13,000 characters in all (bolt-js#2509), without naming a limit. */
const MOST_CHARACTERS = { message: 11_000, modal: 100_000 } as const;
const IN_A_TEXT = 3000;

export type Surface = keyof typeof MOST_BLOCKS;

/** The push text: read aloud and shown on lock screens, so it has no tokens, and nothing in it is markup. */
export const renderPush = (push: string): string => cut(neutral(push), 3000);

/**
 * A card's parts as Block Kit. When there is more than Slack carries, text at the end is left out, with a line that says
 * so; buttons never are, because a card without them can't be answered.
 */
export function renderCard(card: Card, names: SlackNames, now: Date, surface: Surface = 'message'): KnownBlock[] {
  const buttonBlocks = card.parts.flatMap(buttonsOf).length;
  let roomBlocks = MOST_BLOCKS[surface] - buttonBlocks - 1;
  let room: number = MOST_CHARACTERS[surface];
  let isCut = false;
  const blocks: KnownBlock[] = [];
  for (const part of card.parts) {
    if (part.kind === 'buttons') {
      blocks.push(...buttonsOf(part));
      continue;
    }
    if (isCut || roomBlocks === 0 || room < 50) {
      isCut = true;
      continue;
    }
    const block = renderPart(part, names, now, Math.min(IN_A_TEXT, room));
    if (!block) continue;
    blocks.push(block);
    roomBlocks -= 1;
    room -= JSON.stringify(block).length;
  }
  if (isCut) blocks.push(context('... The rest does not fit into one message.'));
  return blocks;
}

const buttonsOf = (part: CardPart) => (part.kind === 'buttons' ? renderButtons(part.buttons, part.more) : []);

type TextPart = Exclude<CardPart, { kind: 'buttons' }>;

/** Undefined for a text without words: Slack refuses empty ones. */
function renderPart(part: TextPart, names: SlackNames, now: Date, limit: number): KnownBlock | undefined {
  const words = (text: Text): string => renderText(text, names, now, limit);
  switch (part.kind) {
    case 'text':
      return words(part.text).trim() === '' ? undefined : section(words(part.text));
    case 'small':
      return words(part.text).trim() === '' ? undefined : context(words(part.text));
    case 'bar':
      return section(renderBar(part.share));
    case 'divider':
      return { type: 'divider' };
    default:
      return unreachable(part);
  }
}

/** `verbatim`: Slack makes no links of its own out of what looks like one. */
const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });
const context = (text: string): KnownBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text, verbatim: true }],
});
