/** Numbers as people read them, the same everywhere (one rounding, one style). */

/** `3.9 s`, `1 min 46 s`, `2 h 05 min`; `0.4 s`, `15 min` and `4 h` where nothing is left over. Takes milliseconds. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return parts(whole, 'min', 's');
  return parts(Math.round(seconds / 60), 'h', 'min');
}

function parts(small: number, bigUnit: string, smallUnit: string): string {
  const big = `${Math.floor(small / 60)} ${bigUnit}`;
  return small % 60 === 0 ? big : `${big} ${String(small % 60).padStart(2, '0')} ${smallUnit}`;
}

/** `524 MB`, `1.2 GB`: decimal units. Takes bytes. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `18,412`. */
export const formatCount = (count: number): string => Math.round(count).toLocaleString('en-US');

/** `1 collection`, `1,204 collections`. `many` only where it is not the word and an s. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** `2026-11-23 14:03:20 UTC`: what can be typed again. */
export const utc = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `08:14:34 UTC`, with the date before it when it is not the day of `today`. */
export function formatUtc(at: Date, today: Date): string {
  const isToday = at.toISOString().slice(0, 10) === today.toISOString().slice(0, 10);
  return isToday ? utc(at).slice(11) : utc(at);
}

/** Words that follow others in a sentence; a name in capitals (`DNS`) stays as it is. */
export const lower = (words: string): string =>
  /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;

/** The same words as the beginning of a sentence. */
export function capital(words: string): string {
  const first = words.charAt(0);
  const large = first.toUpperCase();
  // a letter whose capital is several stays as it is: the others would be signs
  return (large.length === first.length ? large : first) + words.slice(1);
}
