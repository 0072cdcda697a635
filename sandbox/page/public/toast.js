import { announce, h } from './dom.js';

const SHOWN_MS = 6000;

/** A line that goes away by itself: for what failed before it reached anybody. */
export function toast(text) {
  document.querySelector('.toast')?.remove();
  const line = h('div', { class: 'toast' }, text);
  document.body.append(line);
  announce(text);
  setTimeout(() => line.remove(), SHOWN_MS);
}

/** Says why when an outcome is a failure the workspace has not shown already. */
export function sayFailure(outcome) {
  if (outcome.ok === false && ['slack_unreachable', 'unreachable', 'not_there'].includes(outcome.error)) {
    toast(outcome.said ?? outcome.error);
  }
  return outcome;
}
