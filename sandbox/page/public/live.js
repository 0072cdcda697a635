import { announce } from './dom.js';
import { hasButtons, itemKey } from './message.js';
import { unescapeText } from './mrkdwn.js';
import { messageKey, nameOf, state } from './state.js';

let source;

/**
 * Connects as the chosen person. The first event is a snapshot, so a lost connection needs no more than
 * coming back. `draw` holds one function for each part of the page.
 */
export function connect(draw) {
  source?.close();
  source = new EventSource(`/api/stream?as=${encodeURIComponent(state.as)}`);
  const on = (name, handle) => source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  source.onerror = () => {
    state.connected = false;
    draw.connection();
  };
  on('snapshot', (snapshot) => {
    takeSnapshot(snapshot);
    draw.all();
  });
  on('change', (change) => takeChange(change, draw));
  on('waiting', (waiting) => {
    state.waiting = waiting;
    draw.waiting();
  });
  on('world', ({ world, problem }) => {
    state.world = world ?? state.world;
    state.worldProblem = problem;
    draw.world();
  });
  on('phones', ({ phones }) => {
    state.phones = phones;
    draw.phones();
  });
  on('tour', ({ done }) => {
    state.tourDone = done;
    draw.tour();
  });
}

function takeSnapshot(snapshot) {
  state.connected = true;
  state.slackAway = snapshot.slackAway;
  state.people = new Map(snapshot.people.map((person) => [person.id, person]));
  state.channels = new Map(snapshot.channels.map((channel) => [channel.id, channel]));
  state.messages = new Map(snapshot.messages.map((message) => [messageKey(message), message]));
  state.ephemerals = snapshot.ephemerals;
  state.bookmarks = snapshot.bookmarks;
  state.waiting = snapshot.waiting;
  state.view = snapshot.view;
  if (!state.channels.has(state.place)) state.place = state.setup.channel;
}

function rootOf(item) {
  if (item.thread_ts === undefined) return item;
  return state.messages.get(`${item.channel} ${item.thread_ts}`) ?? item;
}

function takeChange(change, draw) {
  switch (change.kind) {
    case 'message':
      return takeMessage(change.message, draw);
    case 'message_deleted': {
      const message = state.messages.get(`${change.channel} ${change.ts}`);
      state.messages.delete(`${change.channel} ${change.ts}`);
      if (message?.thread_ts !== undefined) draw.item(rootOf(message));
      return draw.gone(`m ${change.channel} ${change.ts}`);
    }
    case 'ephemeral': {
      const { ephemeral } = change;
      state.ephemerals = [...state.ephemerals.filter((one) => one.ts !== ephemeral.ts), ephemeral];
      const shown = { ...ephemeral, ephemeral: true };
      if (ephemeral.thread_ts !== undefined) openThread(ephemeral);
      draw.item(ephemeral.thread_ts === undefined ? shown : rootOf(shown));
      return announce(`Only visible to you: ${unescapeText(ephemeral.text)}`);
    }
    case 'ephemeral_deleted': {
      const gone = state.ephemerals.find((one) => one.ts === change.ts);
      state.ephemerals = state.ephemerals.filter((one) => one.ts !== change.ts);
      if (gone?.thread_ts !== undefined) draw.item(rootOf({ ...gone, ephemeral: true }));
      return gone === undefined ? undefined : draw.gone(itemKey({ ...gone, ephemeral: true }));
    }
    case 'view':
      state.view = change.view ?? null;
      return draw.view();
    case 'channel':
      state.channels.set(change.channel.id, change.channel);
      return draw.places();
    case 'person':
      state.people.set(change.person.id, change.person);
      return draw.clocks(change.person.id);
    case 'bookmark':
      state.bookmarks = [...state.bookmarks, change.bookmark];
      return draw.head();
    case 'fault':
      state.slackAway = change.active;
      return draw.connection();
    default:
      return undefined;
  }
}

/** An answer only this person sees, in a thread, would be missed in a closed one. */
function openThread(item) {
  state.openThreads.add(`${item.channel} ${item.thread_ts}`);
}

function takeMessage(message, draw) {
  const isNew = !state.messages.has(messageKey(message));
  state.messages.set(messageKey(message), message);
  if (message.thread_ts !== undefined && message.user === state.as && isNew) openThread(message);
  draw.item(rootOf(message));
  if (message.subtype === 'thread_broadcast') draw.item(message);
  if (!isNew) return;
  if (message.user !== state.as) announce(`${nameOf(message.user)}: ${unescapeText(message.text)}`);
  if (message.bot_id !== undefined && message.thread_ts === undefined && hasButtons(message)) draw.card(message);
  draw.places();
}
