import { act } from './api.js';
import { byId } from './dom.js';
import { hideHints, hintsAreOpen, moveHint, showHints, takeHint } from './hints.js';
import { state } from './state.js';
import { sayFailure } from './toast.js';

const input = () => byId('composer-input');

/** What was sent from here, oldest first; ArrowUp goes back through it. */
const history = [];
let at = 0;

export function fillComposer(text) {
  input().value = text;
  grow();
  input().focus();
  input().setSelectionRange(text.length, text.length);
  showHints(text, fillComposer);
}

export function placeholderFor(name) {
  input().placeholder = matchMedia('(max-width: 860px)').matches
    ? 'Message, or / for commands'
    : `Message ${name}, or / for commands`;
}

async function send() {
  const text = input().value.trim();
  if (text === '') return;
  history.push(text);
  at = history.length;
  input().value = '';
  grow();
  hideHints();
  const outcome = sayFailure(await act({ kind: 'say', channel: state.place, text }));
  // What did not leave is put back, unless something new is being written.
  if (outcome.ok === false && outcome.error.endsWith('unreachable') && input().value === '') fillComposer(text);
}

function recall(step) {
  at = Math.max(0, Math.min(history.length, at + step));
  input().value = history[at] ?? '';
  grow();
}

/** One line as long as one line is enough. */
function grow() {
  const box = input();
  box.style.setProperty('height', 'auto');
  box.style.setProperty('height', `${Math.min(box.scrollHeight, 160)}px`);
}

function onKey(event) {
  const single = !input().value.includes('\n');
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    if (hintsAreOpen() && takeHint(fillComposer)) return;
    void send();
  } else if (event.key === 'Tab' && hintsAreOpen() && !event.shiftKey) {
    if (takeHint(fillComposer)) event.preventDefault();
  } else if (event.key === 'Escape' && hintsAreOpen()) {
    event.preventDefault();
    hideHints();
  } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && single) {
    const step = event.key === 'ArrowUp' ? -1 : 1;
    if (hintsAreOpen()) {
      event.preventDefault();
      moveHint(step);
    } else if (history.length > 0) {
      event.preventDefault();
      recall(step);
    }
  }
}

export function startComposer() {
  input().addEventListener('keydown', onKey);
  input().addEventListener('input', () => {
    grow();
    showHints(input().value, fillComposer);
  });
  input().addEventListener('blur', () => setTimeout(hideHints, 150));
  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]') !== null) return;
    const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    const radio = event.target instanceof HTMLInputElement && event.target.type === 'radio';
    if (event.key === '/' && (!typing || radio) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent('show-tab', { detail: 'chat' }));
      fillComposer('/');
    } else if (event.key === 'Escape') {
      input().focus();
    }
  });
}
