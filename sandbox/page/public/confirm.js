import { byId, h } from './dom.js';
import { textObject } from './mrkdwn.js';

/**
 * Asks the question behind a button. Resolves true at once where there is none. Esc and the deny button
 * say no; the focus starts on the safe answer when the act is dangerous.
 */
export function askFirst(confirm, opener) {
  if (confirm === undefined) return Promise.resolve(true);
  const dialog = byId('confirm');
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.onclose = null;
      if (dialog.open) dialog.close();
      resolve(yes);
      if (!yes) opener?.focus();
    };
    const danger = confirm.style === 'danger';
    const deny = h('button', { type: 'button', class: 'button', onclick: () => answer(false) }, confirm.deny.text);
    const accept = h(
      'button',
      { type: 'button', class: `button ${danger ? 'danger' : 'primary'}`, onclick: () => answer(true) },
      confirm.confirm.text,
    );
    dialog.replaceChildren(
      h('h2', { id: 'confirm-title' }, confirm.title.text),
      h('div', { class: 'text' }, textObject(confirm.text)),
      h('div', { class: 'dialog-buttons' }, deny, accept),
    );
    dialog.onclose = () => answer(false);
    dialog.showModal();
    (danger ? deny : accept).focus();
  });
}

/** Asks for a line of text, starting from `value`. Resolves undefined when dismissed. */
export function askText(title, value) {
  const dialog = byId('confirm');
  return new Promise((resolve) => {
    const answer = (text) => {
      dialog.onclose = null;
      if (dialog.open) dialog.close();
      resolve(text);
    };
    const input = h('textarea', { class: 'text-input', rows: '3', 'aria-labelledby': 'confirm-title' });
    input.value = value;
    dialog.replaceChildren(
      h('h2', { id: 'confirm-title' }, title),
      input,
      h(
        'div',
        { class: 'dialog-buttons' },
        h('button', { type: 'button', class: 'button', onclick: () => answer(undefined) }, 'Cancel'),
        h('button', { type: 'button', class: 'button primary', onclick: () => answer(input.value) }, 'Save'),
      ),
    );
    dialog.onclose = () => answer(undefined);
    dialog.showModal();
    input.focus();
  });
}
