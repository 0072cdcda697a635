import { expect, test } from 'vitest';
import { asDrError, parseComing, utc } from '#core';

const NOW = new Date('2026-10-30T15:30:45.678Z');
const parsed = (text: string, now = NOW): string => utc(parseComing(text, now, 'Asia/Kolkata'));
function refused(text: string, now = NOW): string {
  try {
    return `taken for ${parsed(text, now)}`;
  } catch (thrown) {
    const error = asDrError(thrown);
    return error.code === 'TIME_INVALID' ? `${error.message} ${error.hint ?? ''}` : `other error: ${error.message}`;
  }
}

test.each([
  ['now', '2026-10-30 15:30:45 UTC'],
  ['in 10 minutes', '2026-10-30 15:40:45 UTC'],
  ['in 2 h', '2026-10-30 17:30:45 UTC'],
  ['in 3 days', '2026-11-02 15:30:45 UTC'],
  ['18:00', '2026-10-30 18:00:00 UTC'],
  ['tomorrow 09:00', '2026-10-31 09:00:00 UTC'],
  ['tomorrow 09:00 America/New_York', '2026-10-31 13:00:00 UTC'],
  ['2026-12-24 18:00', '2026-12-24 18:00:00 UTC'],
  ['2026-12-24 18:00 America/New_York', '2026-12-24 23:00:00 UTC'],
  ['2026-12-24 18:00 my time', '2026-12-24 12:30:00 UTC'],
  ['2026-12-24T18:00:30+02:00', '2026-12-24 16:00:30 UTC'],
])('%s is %s', (text, moment) => {
  expect(parsed(text)).toBe(moment);
});

test.each(['', 'soon', 'in a while', '25:00', '2026-02-30 10:00', '2026-12-24', '18:00 Mars/Olympus', '2 hours ago'])(
  '"%s" is no moment to come, and the answer says what is',
  (text) => {
    expect(refused(text)).toMatch(/Nothing was changed\. Try "in 2 hours"/);
  },
);

test('the past has been already', () => {
  expect(refused('15:30')).toContain('2026-10-30 15:30:00 UTC has been already. Nothing was changed. Say the date too');
  expect(refused('2026-10-29 18:00')).toContain('has been already');
  expect(refused('yesterday 18:00')).toContain('has been already');
});

test('an hour that the clocks will go through twice is refused with both moments', () => {
  const text = refused('2026-11-01 01:30 America/New_York');
  expect(text).toContain('will be twice: the clocks go back then');
  expect(text).toContain('2026-11-01 05:30:00 UTC or 2026-11-01 06:30:00 UTC');
});

test('an hour that the clocks will skip is refused', () => {
  expect(refused('2027-03-14 02:30 America/New_York')).toContain('will not be: the clocks go forward then');
});
