import { DrError } from '#core';
import type { Button } from '#ports';
import { actionIds, MORE_ACTION, moreValue } from './action-ids.ts';
import { cut } from './cut.ts';
import type { ActionsBlock, ConfirmationDialog, Overflow, SlackButton } from './slack-types.ts';

/** More than three in a row break into uneven lines on a phone. */
const IN_A_ROW = 3;
const IN_A_MENU = 5;

/** Rows of buttons; the menu with the rest stands at the end of the last row. */
export function renderButtons(buttons: readonly Button[], more: readonly Button[]): ActionsBlock[] {
  const ids = actionIds(buttons.map(({ id }) => id));
  const rendered = buttons.map((button, index) => renderButton(button, ids[index] ?? button.id));
  const rows: ActionsBlock[] = [];
  for (let from = 0; from < rendered.length; from += IN_A_ROW) {
    rows.push({ type: 'actions', elements: rendered.slice(from, from + IN_A_ROW) });
  }
  if (more.length > 0) {
    const last = rows.at(-1);
    if (last) last.elements.push(renderMenu(more));
    else rows.push({ type: 'actions', elements: [renderMenu(more)] });
  }
  return rows;
}

function renderButton(button: Button, actionId: string): SlackButton {
  return {
    type: 'button',
    action_id: actionId,
    text: plain(button.label, 75),
    value: whole(button.value, 2000),
    accessibility_label: cut(button.spoken, 75),
    ...(button.style ? { style: button.style } : {}),
    ...(button.url ? { url: whole(button.url, 3000) } : {}),
    ...(button.confirm ? { confirm: renderConfirm(button.confirm, button.style) } : {}),
  };
}

function renderConfirm(confirm: NonNullable<Button['confirm']>, style: Button['style']): ConfirmationDialog {
  return {
    title: plain(confirm.title, 100),
    text: plain(confirm.text, 300),
    confirm: plain(confirm.yes, 30),
    deny: plain(confirm.no, 30),
    ...(style ? { style } : {}),
  };
}

function renderMenu(more: readonly Button[]): Overflow {
  if (more.length > IN_A_MENU) throw bug(`A menu has ${more.length} entries; Slack shows ${IN_A_MENU}.`);
  return {
    type: 'overflow',
    action_id: MORE_ACTION,
    options: more.map(({ id, label, value, url }) => ({
      text: plain(label, 75),
      value: whole(moreValue(id, value), 75),
      ...(url ? { url: whole(url, 3000) } : {}),
    })),
  };
}

const plain = (words: string, limit: number) => ({
  type: 'plain_text' as const,
  text: cut(words, limit),
  emoji: false,
});

/** What code reads again is never cut: half a request's name could be another's. */
function whole(value: string, limit: number): string {
  if (value.length > limit) throw bug(`A button's value has ${value.length} characters; Slack carries ${limit}.`);
  return value;
}

const bug = (message: string): DrError => new DrError('UNEXPECTED', 'bug', message);
