import { act } from './api.js';
import { blocksOf } from './blocks.js';
import { announce, byId, h } from './dom.js';
import { state } from './state.js';

const dialog = () => byId('modal');
let shownId;
let fields = {};
let opener;

/** Shows, changes or closes the modal as the workspace says. What is filled in stays while it is the same view. */
export function drawModal() {
  const { view } = state;
  if (view === null) {
    close();
    return;
  }
  if (view.id !== shownId) {
    fields = {};
    shownId = view.id;
    opener ??= document.activeElement;
  }
  const key = dialog().contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  dialog().replaceChildren(formOf(view));
  if (!dialog().open) dialog().showModal();
  const problem = dialog().querySelector('[data-problem="true"] :is(input, textarea, select)');
  const again = [...dialog().querySelectorAll('[data-key]')].find((element) => element.dataset.key === key);
  (
    problem ??
    again ??
    dialog().querySelector('.modal-body :is(input, textarea, select)') ??
    dialog().querySelector('.modal-close')
  )?.focus();
}

function close() {
  shownId = undefined;
  if (dialog().open) dialog().close();
  if (opener?.isConnected && opener !== document.body) opener.focus();
  opener = undefined;
}

function surfaceOf(view) {
  return {
    prefix: view.id,
    fields,
    errors: view.errors,
    send: async (actionId, value) => {
      const outcome = await act({ kind: 'click_view', actionId, fields, ...(value === undefined ? {} : { value }) });
      if (outcome.ok === false) say(outcome.said);
    },
  };
}

function formOf(view) {
  return h(
    'form',
    { class: 'modal-form', novalidate: true, onsubmit: submit },
    h(
      'header',
      { class: 'modal-head' },
      h('h2', { id: 'modal-title' }, view.title.text),
      h(
        'button',
        { type: 'button', class: 'modal-close', 'aria-label': 'Close', data: { key: 'modal-close' }, onclick: dismiss },
        '\u00d7',
      ),
    ),
    h('div', { class: 'modal-body blocks' }, blocksOf(view.blocks, surfaceOf(view))),
    h('p', { id: 'modal-said', class: 'problem', role: 'alert' }),
    h(
      'footer',
      { class: 'dialog-buttons' },
      h(
        'button',
        { type: 'button', class: 'button', data: { key: 'modal-cancel' }, onclick: dismiss },
        view.close?.text ?? 'Close',
      ),
      view.submit === undefined
        ? null
        : h('button', { type: 'submit', class: 'button primary', data: { key: 'modal-submit' } }, view.submit.text),
    ),
  );
}

const dismiss = () => act({ kind: 'close_view' });

function say(text) {
  const line = byId('modal-said');
  if (line !== null) line.textContent = text ?? '';
}

async function submit(event) {
  event.preventDefault();
  const button = event.currentTarget.querySelector('button[type=submit]');
  button?.setAttribute('aria-busy', 'true');
  const outcome = await act({ kind: 'submit', values: fields });
  button?.removeAttribute('aria-busy');
  if (outcome.ok === false && outcome.error !== 'refused_by_app' && outcome.error !== 'incomplete') say(outcome.said);
  else if (outcome.ok === false) announce(outcome.said);
}

export function startModal() {
  // Esc closes it in the workspace first; the workspace's answer closes it here.
  dialog().addEventListener('cancel', (event) => {
    event.preventDefault();
    void dismiss();
  });
}
