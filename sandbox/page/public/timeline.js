import { byId, h, replaceKeepingFocus } from './dom.js';
import { itemKey, messageOf } from './message.js';
import { markSeen, state, timelineOf } from './state.js';
import { dateToken } from './time.js';

const box = () => byId('messages');
const NEAR_END_PX = 120;

const nearEnd = () => box().scrollHeight - box().scrollTop - box().clientHeight < NEAR_END_PX;
const toEnd = () => {
  box().scrollTop = box().scrollHeight;
};

const dayOf = (item) => dateToken(Math.floor(Number(item.ts)), '{date_long_pretty}', '');
const separator = (day) => h('div', { class: 'day', role: 'separator' }, h('span', {}, day));

/** Draws the whole channel: on a change of place, person, zone or connection. The focus stays where it was. */
export function drawTimeline() {
  const items = timelineOf(state.place);
  let day;
  const nodes = items.flatMap((item) => {
    const before = day;
    day = dayOf(item);
    return day === before ? [messageOf(item)] : [separator(day), messageOf(item)];
  });
  replaceKeepingFocus(box(), ...(nodes.length === 0 ? [emptyChannel()] : nodes));
  makeOneReachable();
  toEnd();
  markSeen(state.place);
}

function emptyChannel() {
  return h(
    'div',
    { class: 'empty' },
    h('p', {}, h('strong', {}, 'Nothing here yet.')),
    h('p', {}, 'Type ', h('kbd', {}, '/'), ' below: the commands of Holdfast list themselves.'),
  );
}

/** Draws one item again, or puts a new one in its place. Keeps the focus and, at the end, the end in view. */
export function drawItem(item, { focusThread = false } = {}) {
  if (item.channel !== state.place) return;
  const stick = nearEnd();
  const known = box().querySelector(`[data-item="${CSS.escape(itemKey(item))}"]`);
  const node = messageOf(item);
  if (known === null) insert(item, node);
  else swap(known, node);
  makeOneReachable();
  if (focusThread) node.querySelector('.reply-form input')?.focus();
  else if (stick) toEnd();
  if (document.visibilityState === 'visible') markSeen(state.place);
}

function insert(item, node) {
  box().querySelector('.empty')?.remove();
  const later = [...box().querySelectorAll(':scope > [data-ts]')].find(
    (other) => Number(other.dataset.ts) > Number(item.ts),
  );
  if (later !== undefined) later.before(node);
  else {
    const last = box().querySelector(':scope > [data-ts]:last-of-type');
    const days = [...box().querySelectorAll('.day')].at(-1)?.textContent;
    if (last === null || days !== dayOf(item)) box().append(separator(dayOf(item)));
    box().append(node);
  }
}

/** The focus stays on the same button, or on the message when the button is gone. */
function swap(known, node) {
  const active = document.activeElement;
  const key = known.contains(active) ? active.dataset.key : undefined;
  const selection = active?.selectionStart;
  known.replaceWith(node);
  if (key === undefined) return;
  const again = [node, ...node.querySelectorAll('[data-key]')].find((element) => element.dataset.key === key) ?? node;
  again.focus({ preventScroll: true });
  if (typeof selection === 'number' && again.setSelectionRange !== undefined)
    again.setSelectionRange(selection, selection);
}

export function removeItem(key) {
  box()
    .querySelector(`[data-item="${CSS.escape(key)}"]`)
    ?.remove();
}

/** Tab reaches the newest message; arrows go on from there. */
function makeOneReachable() {
  const all = [...box().querySelectorAll(':scope > article')];
  for (const article of all) article.tabIndex = -1;
  if (all.at(-1) !== undefined) all.at(-1).tabIndex = 0;
}

/** Brings the focus to a message, as when a new card asks for somebody. */
export function focusItem(key) {
  const node = box().querySelector(`[data-item="${CSS.escape(key)}"]`);
  node?.focus({ preventScroll: true });
  node?.scrollIntoView({ block: 'nearest' });
  node?.classList.add('fresh');
  setTimeout(() => node?.classList.remove('fresh'), 1600);
}

/** What stands below the list grows and shrinks; whoever was at the end stays there. */
export function stayAtEnd() {
  let wasAtEnd = true;
  let height = box().clientHeight;
  box().addEventListener('scroll', () => {
    // A scroll reported while the height is new is not the reader's: the observer below is about to answer it.
    if (box().clientHeight === height) wasAtEnd = nearEnd();
  });
  new ResizeObserver(() => {
    height = box().clientHeight;
    if (wasAtEnd) toEnd();
  }).observe(box());
}

export function listenForKeys() {
  box().addEventListener('keydown', (event) => {
    if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return;
    const all = [...box().querySelectorAll('article')];
    const at = all.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.key === 'Enter') event.target.querySelector('.blocks button, .thread-toggle')?.focus();
    else all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
  });
  document.addEventListener('redraw-item', (event) => drawItem(event.detail.message, event.detail));
}
