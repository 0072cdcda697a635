import { getJson } from './api.js';
import { placeholderFor, startComposer } from './composer.js';
import { byId, h } from './dom.js';
import { connect } from './live.js';
import { itemKey } from './message.js';
import { drawModal, startModal } from './modal.js';
import { drawPeople, drawPlaces, startPeople } from './people.js';
import { drawPhone } from './phone.js';
import { markSeen, state } from './state.js';
import { drawItem, drawTimeline, focusItem, listenForKeys, removeItem, stayAtEnd } from './timeline.js';
import { drawTour } from './tour.js';
import { drawTitle, drawWaiting } from './waiting.js';
import { drawBreakers, drawWorld } from './world.js';

const PERSON = 'holdfast-person';
const CLOCK_EVERY_MS = 20_000;

const draw = {
  all() {
    draw.people();
    drawPhone();
    draw.places();
    draw.head();
    draw.timeline();
    draw.waiting();
    draw.view();
    draw.world();
    draw.tour();
    draw.connection();
    keepFocus();
  },
  people: drawPeople,
  phones() {
    drawPeople();
    drawPhone();
  },
  places: drawPlaces,
  timeline: drawTimeline,
  view: drawModal,
  world: drawWorld,
  tour: drawTour,
  item(message) {
    drawItem(message);
    drawTitle();
  },
  gone(key) {
    removeItem(key);
    drawTitle();
  },
  waiting() {
    drawWaiting();
    drawPeople();
  },
  /** A zone changed: every time on the page is that of the person, so all of it. */
  clocks(person) {
    drawPeople();
    if (person === state.as) drawTimeline();
  },
  head() {
    const place = state.channels.get(state.place);
    const name = place?.kind === 'im' ? state.setup.botName : `#${place?.name ?? ''}`;
    byId('place-name').textContent = name;
    placeholderFor(name);
    byId('bookmarks').replaceChildren(
      ...state.bookmarks
        .filter((bookmark) => bookmark.channel === state.place)
        .map((bookmark) =>
          h('a', { href: bookmark.link, target: '_blank', rel: 'noopener noreferrer' }, bookmark.title),
        ),
    );
  },
  connection() {
    const line = byId('connection');
    line.hidden = state.connected && !state.slackAway;
    line.textContent = state.connected ? 'Slack is cut off. Nothing you type is sent.' : 'Reconnecting...';
  },
  /** A new card gets the focus, unless somebody is in the middle of something. */
  card(message) {
    if (document.body.dataset.tab !== 'chat') document.querySelector('.tabs [data-to=chat]').dataset.fresh = 'true';
    if (message.channel !== state.place || !isIdle()) return;
    focusItem(itemKey(message));
  },
};

/** What had the focus may be gone after a change of person: then the card that waits for them has it, else the composer. */
function keepFocus() {
  if (document.activeElement !== document.body || document.querySelector('dialog[open]') !== null) return;
  const card = state.waiting.findLast(
    ({ channel, roles }) => channel === state.place && roles.flat().includes(state.as),
  );
  if (card === undefined) byId('composer-input').focus();
  else focusItem(`m ${card.channel} ${card.ts}`);
}

function isIdle() {
  const active = document.activeElement;
  if (document.querySelector('dialog[open]') !== null) return false;
  if (active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement) {
    return active.type === 'radio' || active.value === '';
  }
  return true;
}

function goTo(channel) {
  state.place = channel;
  draw.places();
  draw.head();
  draw.timeline();
  showTab('chat');
  byId('composer-input').focus();
}

function showTab(name) {
  document.body.dataset.tab = name;
  for (const tab of document.querySelectorAll('.tabs button')) {
    tab.setAttribute('aria-pressed', String(tab.dataset.to === name));
  }
  if (name !== 'chat') return;
  delete document.querySelector('.tabs [data-to=chat]').dataset.fresh;
  drawTimelineEnd();
}

/** A hidden list has no height, so it cannot keep its end in view. */
function drawTimelineEnd() {
  const box = byId('messages');
  box.scrollTop = box.scrollHeight;
}

function become(id) {
  state.as = id;
  state.openThreads.clear();
  localStorage.setItem(PERSON, id);
  drawPeople();
  showTab('chat');
  connect(draw);
}

function listen() {
  document.addEventListener('become', (event) => become(event.detail));
  document.addEventListener('go-to', (event) => goTo(event.detail));
  document.addEventListener('show-tab', (event) => showTab(event.detail));
  document.addEventListener('show-card', ({ detail }) => {
    if (state.place !== detail.channel) goTo(detail.channel);
    showTab('chat');
    focusItem(`m ${detail.channel} ${detail.ts}`);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') markSeen(state.place);
  });
  for (const tab of document.querySelectorAll('.tabs button')) {
    tab.addEventListener('click', () => showTab(tab.dataset.to));
  }
  setInterval(drawPeople, CLOCK_EVERY_MS);
}

async function start() {
  const [setup, commands] = await Promise.all([getJson('/api/setup'), getJson('/api/commands')]);
  state.setup = setup;
  state.commands = commands;
  const last = localStorage.getItem(PERSON);
  state.as = setup.people.includes(last) ? last : setup.startAs;
  state.place = setup.channel;
  startComposer();
  startModal();
  startPeople();
  listenForKeys();
  stayAtEnd();
  listen();
  drawBreakers();
  showTab('chat');
  connect(draw);
  byId('composer-input').focus();
}

void start();
