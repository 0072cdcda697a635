import { myZone } from './state.js';

const DAY_MS = 86_400_000;

function parts(date, options) {
  return new Intl.DateTimeFormat('en-GB', { timeZone: myZone(), hourCycle: 'h23', ...options }).format(date);
}

const clock = (date, seconds) =>
  parts(date, { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) });
const isoDay = (date) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: myZone(), year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    date,
  );

function relativeDay(date, fallback) {
  const day = isoDay(date);
  const now = Date.now();
  if (day === isoDay(new Date(now))) return 'today';
  if (day === isoDay(new Date(now - DAY_MS))) return 'yesterday';
  if (day === isoDay(new Date(now + DAY_MS))) return 'tomorrow';
  return fallback;
}

function ago(date) {
  const seconds = Math.round((Date.now() - date.getTime()) / 1000);
  const size = Math.abs(seconds);
  const text = size < 60 ? `${size} s` : size < 3600 ? `${Math.floor(size / 60)} min` : `${Math.floor(size / 3600)} h`;
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}

const FORMATS = {
  date_num: (date) => isoDay(date),
  date: (date) => parts(date, { day: 'numeric', month: 'long', year: 'numeric' }),
  date_short: (date) => parts(date, { day: 'numeric', month: 'short', year: 'numeric' }),
  date_long: (date) => parts(date, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  date_pretty: (date) => relativeDay(date, FORMATS.date(date)),
  date_short_pretty: (date) => relativeDay(date, FORMATS.date_short(date)),
  date_long_pretty: (date) => relativeDay(date, FORMATS.date_long(date)),
  time: (date) => clock(date, false),
  time_secs: (date) => clock(date, true),
  ago: (date) => ago(date),
};

/** Slack's `<!date^seconds^format|fallback>` on this person's clock; an unknown format shows the fallback. */
export function dateToken(seconds, format, fallback) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return fallback;
  let known = true;
  const text = format.replaceAll(/\{([a-z_]+)\}/g, (_all, name) => {
    if (FORMATS[name] === undefined) known = false;
    return FORMATS[name]?.(date) ?? '';
  });
  return known ? text : fallback;
}

export const messageTime = (ts) => clock(new Date(Number(ts) * 1000), false);
export const fullTime = (ts) => {
  const date = new Date(Number(ts) * 1000);
  return `${FORMATS.date_long(date)}, ${clock(date, true)} (${date.toISOString().slice(11, 19)} UTC)`;
};
export const clockOf = (timeZone) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(),
  );
export const secondsClock = (ms) => clock(new Date(ms), true);
/** For `datetime-local`: this person's wall clock, and back from it to Unix seconds. */
export const wallClock = (seconds) => {
  const date = new Date(seconds * 1000);
  return `${isoDay(date)}T${clock(date, true)}`;
};
export function fromWallClock(text) {
  const asUtc = Date.parse(`${text}${text.length === 16 ? ':00' : ''}Z`);
  const shown = Date.parse(`${wallClock(asUtc / 1000)}Z`);
  return Math.round((asUtc - (shown - asUtc)) / 1000);
}
