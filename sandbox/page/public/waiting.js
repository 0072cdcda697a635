import { byId, h, replaceKeepingFocus } from './dom.js';
import { headline } from './message.js';
import { stateWord } from './mrkdwn.js';
import { nameOf, state } from './state.js';

const OFFERED = 2;
const become = (id) => document.dispatchEvent(new CustomEvent('become', { detail: id }));
const show = (card) => document.dispatchEvent(new CustomEvent('show-card', { detail: card }));

/** Who can press, and the way to be them: without it a newcomer is stuck at the first approval. */
export function drawWaiting() {
  const box = byId('waiting');
  const cards = state.waiting;
  box.hidden = cards.length === 0;
  replaceKeepingFocus(box, cards.slice(-1).map(lineOf));
  drawTitle();
}

/** `Alex Chen or David Kim`; `John Smith or 2 others`. */
function anyOf(people) {
  const [first, second, ...rest] = people.map(nameOf);
  if (second === undefined) return first;
  return rest.length === 0 ? `${first} or ${second}` : `${first} or ${rest.length + 1} others`;
}

function lineOf(card) {
  const count = state.waiting.length;
  const many = `${count} ${count === 1 ? 'approval waits' : 'approvals wait'}`;
  const mine = card.roles.some((people) => people.includes(state.as));
  const others = card.roles.filter((people) => !people.includes(state.as));
  const who = [...(mine ? ['you'] : []), ...others.map(anyOf)].join(', and ');
  return h(
    'div',
    { class: 'waiting-line' },
    h('p', {}, h('strong', {}, many), ` for ${who}`),
    h(
      'div',
      { class: 'waiting-buttons' },
      others
        .slice(0, OFFERED)
        .map(([id]) =>
          h(
            'button',
            { type: 'button', class: 'button small', data: { key: `be ${id}` }, onclick: () => become(id) },
            `Be ${nameOf(id)}`,
          ),
        ),
      h(
        'button',
        { type: 'button', class: 'button small', data: { key: 'waiting-show' }, onclick: () => show(card) },
        'Show card',
      ),
    ),
  );
}

/** The title carries the state: `(1) APPROVAL NEEDED - Holdfast sandbox`. */
export function drawTitle() {
  const last = [...state.messages.values()]
    .filter(
      (message) =>
        message.channel === state.setup?.channel && message.bot_id !== undefined && message.thread_ts === undefined,
    )
    .sort((left, right) => Number(left.ts) - Number(right.ts))
    .map((message) => stateWord(headline(message)))
    .filter((word) => word !== undefined)
    .at(-1);
  const word = state.waiting.length > 0 ? `(${state.waiting.length}) APPROVAL NEEDED` : last;
  document.title = [word, 'Holdfast sandbox'].filter((part) => part !== undefined).join(' - ');
}
