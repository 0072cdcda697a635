/** All the page knows. Changed by `live.js` and `app.js` only; the parts read it and draw. */
export const state = {
  setup: undefined,
  commands: [],
  as: undefined,
  place: undefined,
  people: new Map(),
  channels: new Map(),
  /** By `channel ts`. */
  messages: new Map(),
  ephemerals: [],
  bookmarks: [],
  waiting: [],
  view: null,
  world: undefined,
  worldProblem: undefined,
  tourDone: [],
  phones: [],
  slackAway: false,
  connected: false,
  /** Threads that are open, by root ts. */
  openThreads: new Set(),
};

export const me = () => state.people.get(state.as);
export const myZone = () => me()?.timeZone ?? 'UTC';
export const nameOf = (id) => (id === state.setup?.bot ? state.setup.botName : (state.people.get(id)?.name ?? id));
export const messageKey = (message) => `${message.channel} ${message.ts}`;

const byTs = (left, right) => Number(left.ts) - Number(right.ts);

/** What stands in a channel, oldest first: roots, broadcast replies, and what only this person sees. */
export function timelineOf(channel) {
  const roots = [...state.messages.values()].filter(
    (message) =>
      message.channel === channel && (message.thread_ts === undefined || message.subtype === 'thread_broadcast'),
  );
  const mine = state.ephemerals.filter((one) => one.channel === channel && one.thread_ts === undefined);
  return [...roots, ...mine.map((one) => ({ ...one, ephemeral: true }))].sort(byTs);
}

export function repliesTo(channel, ts) {
  const replies = [...state.messages.values()].filter(
    (message) => message.channel === channel && message.thread_ts === ts,
  );
  const mine = state.ephemerals.filter((one) => one.channel === channel && one.thread_ts === ts);
  return [...replies, ...mine.map((one) => ({ ...one, ephemeral: true }))].sort(byTs);
}

const SEEN = 'holdfast-seen';

function seenMarks() {
  try {
    return JSON.parse(localStorage.getItem(SEEN) ?? '{}');
  } catch {
    return {};
  }
}

/** How many messages of a channel came since this person last looked at it. */
export function unseen(channel) {
  const mark = Number(seenMarks()[`${state.as} ${channel}`] ?? 0);
  return [...state.messages.values()].filter(
    (message) => message.channel === channel && message.user !== state.as && Number(message.ts) > mark,
  ).length;
}

export function markSeen(channel) {
  const last = [...state.messages.values()]
    .filter((message) => message.channel === channel)
    .reduce((latest, message) => Math.max(latest, Number(message.ts)), 0);
  localStorage.setItem(SEEN, JSON.stringify({ ...seenMarks(), [`${state.as} ${channel}`]: last }));
}
