import { expect, test } from 'vitest';
import { asDrError, parseMoment, utc } from '#core';

const NOW = new Date('2026-11-24T15:30:45.678Z');
const parsed = (text: string, now = NOW): string => utc(parseMoment(text, now));
function refused(text: string, now = NOW): string {
  try {
    return `taken for ${parsed(text, now)}`;
  } catch (thrown) {
    const error = asDrError(thrown);
    return error.code === 'TIME_INVALID' ? `${error.message} ${error.hint ?? ''}` : `other error: ${error.message}`;
  }
}

test.each([
  ['10 minutes ago', '2026-11-24 15:20:45 UTC'],
  ['90s ago', '2026-11-24 15:29:15 UTC'],
  ['1 day ago', '2026-11-23 15:30:45 UTC'],
  ['2 h ago', '2026-11-24 13:30:45 UTC'],
  ['14:03', '2026-11-24 14:03:00 UTC'],
  ['14:03:20', '2026-11-24 14:03:20 UTC'],
  ['yesterday 23:59:59', '2026-11-23 23:59:59 UTC'],
  ['2026-11-23 14:03:20', '2026-11-23 14:03:20 UTC'],
  ['2026-11-23T14:03:20Z', '2026-11-23 14:03:20 UTC'],
  ['2026-11-23 14:03:20 +02:00', '2026-11-23 12:03:20 UTC'],
  ['2026-11-23 09:03 America/New_York', '2026-11-23 14:03:00 UTC'],
  ['today 09:00 America/New_York', '2026-11-24 14:00:00 UTC'],
  ['2024-02-29 00:00', '2024-02-29 00:00:00 UTC'],
])('%s is %s', (text, moment) => {
  expect(parsed(text)).toBe(moment);
});

test.each([
  '',
  'soon',
  '25:00',
  '14:60',
  '2026-02-30 10:00',
  '2026-13-01 10:00',
  '14:03 Mars/Olympus',
  'minus 3 hours ago',
])('"%s" is no moment, and the answer says what is', (text) => {
  expect(refused(text)).toContain('Nothing was changed.');
});

test('the future has not been yet', () => {
  expect(refused('2026-11-24 15:31')).toContain('has not been yet');
  expect(refused('23:00')).toContain('"yesterday"');
});

test('an hour that the clocks went through twice is refused with both moments', () => {
  const text = refused('2026-11-01 01:30 America/New_York');
  expect(text).toContain('2026-11-01 05:30:00 UTC or 2026-11-01 06:30:00 UTC');
  expect(parsed('2026-11-01 00:59:59 America/New_York')).toBe('2026-11-01 04:59:59 UTC');
  expect(parsed('2026-11-01 02:00 America/New_York')).toBe('2026-11-01 07:00:00 UTC');
});

test('an hour that the clocks skipped is refused', () => {
  expect(refused('2026-03-08 02:30 America/New_York')).toContain('did not happen');
  expect(parsed('2026-03-08 03:00 America/New_York')).toBe('2026-03-08 07:00:00 UTC');
});
