import { fillComposer } from './composer.js';
import { byId, h, replaceKeepingFocus } from './dom.js';
import { state } from './state.js';

const HIDDEN = 'holdfast-tour-hidden';

/** The first five minutes, in one line above the composer. Ticks come from what really happened. */
export function drawTour() {
  const box = byId('tour');
  const steps = state.setup.tour;
  const next = steps.find((step) => !state.tourDone.includes(step.id));
  box.hidden = localStorage.getItem(HIDDEN) === 'yes';
  if (box.hidden) return;
  replaceKeepingFocus(
    box,
    h(
      'ol',
      { class: 'tour-steps', 'aria-label': 'First steps' },
      steps.map((step, index) => stepOf(step, index, next)),
    ),
    h(
      'p',
      { class: 'tour-hint' },
      next === undefined
        ? 'All five done. You have recovered a region.'
        : [h('span', { class: 'try' }, 'Try: '), hintOf(next)],
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'link',
        data: { key: 'tour-hide' },
        onclick: () => {
          localStorage.setItem(HIDDEN, 'yes');
          drawTour();
          byId('composer-input').focus();
        },
      },
      'Hide',
    ),
  );
}

function stepOf(step, index, next) {
  const done = state.tourDone.includes(step.id);
  return h(
    'li',
    { data: { done }, 'aria-current': step === next ? 'step' : null },
    h('span', { class: 'tick', 'aria-hidden': 'true' }, done ? '' : String(index + 1)),
    h('span', { class: 'step-title' }, step.title),
    done ? h('span', { class: 'sr' }, ' done') : null,
  );
}

function hintOf(step) {
  if (!step.hint.startsWith('/')) return step.hint;
  return h(
    'button',
    { type: 'button', class: 'link', data: { key: 'tour-type' }, onclick: () => fillComposer(step.hint) },
    h('code', {}, step.hint),
  );
}
