import { describe, expect, it } from 'vitest';
import { asDrError } from '#core';
import { createRoster, readCalendar } from '#oncall';
import { at, david, planWith } from './duty-world.ts';

const plan = planWith({ people: { [david]: { name: 'David Kim', email: 'david@eld.example' } } });
const roster = createRoster(plan);
const WINDOW = { from: at('2026-10-20T00:00Z'), until: at('2027-03-01T00:00Z'), timeZone: 'America/New_York' };
const NEW_YORK = 'TZID=America/New_York';

const calendar = (...events: readonly (readonly string[])[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//x//EN']
    .concat(events.flatMap((event) => ['BEGIN:VEVENT', 'DTSTAMP:20261001T000000Z', ...event, 'END:VEVENT']))
    .concat('END:VCALENDAR', '')
    .join('\r\n');
const read = (...events: readonly (readonly string[])[]) =>
  readCalendar(calendar(...events), plan, roster, WINDOW).map(
    ({ person, from, until }) => `${person} ${from.toISOString().slice(0, 16)} ${until.toISOString().slice(0, 16)}`,
  );
const refused = (text: string): string => {
  try {
    readCalendar(text, plan, roster, WINDOW);
    return 'taken';
  } catch (thrown) {
    const { code, kind, message } = asDrError(thrown);
    return `${code} ${kind} ${message}`;
  }
};

const weekly = [
  'UID:a@x',
  'SUMMARY:Alex Chen',
  `DTSTART;${NEW_YORK}:20261019T090000`,
  `DTEND;${NEW_YORK}:20261026T090000`,
  'RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5',
];

describe('a calendar', () => {
  it('is unfolded by the clock on the wall, with its exceptions, as far as it is still to come', () => {
    const shifts = read(
      [...weekly, `EXDATE;${NEW_YORK}:20261116T090000`],
      [
        'UID:a@x',
        'SUMMARY:David Kim',
        `RECURRENCE-ID;${NEW_YORK}:20261130T090000`,
        `DTSTART;${NEW_YORK}:20261201T090000`,
        `DTEND;${NEW_YORK}:20261207T090000`,
      ],
    );
    expect(shifts).toEqual([
      'alex-chen 2026-10-19T13:00 2026-10-26T13:00',
      'alex-chen 2026-11-02T14:00 2026-11-09T14:00',
      'david-kim 2026-12-01T14:00 2026-12-07T14:00',
      'alex-chen 2026-12-14T14:00 2026-12-21T14:00',
    ]);
  });

  it('means the same where exceptions and the end of a repetition are written in UTC', () => {
    const india = ['UID:k@x', 'SUMMARY:Alex Chen', 'DTSTART;TZID=Asia/Kolkata:20261201T020000', 'DURATION:PT4H'];
    expect(
      read([...india, 'RRULE:FREQ=DAILY;UNTIL=20261203T203000Z', 'EXDATE:20261201T203000Z']),
      'until 02:00 of the fourth there, without the second',
    ).toEqual([
      'alex-chen 2026-11-30T20:30 2026-12-01T00:30',
      'alex-chen 2026-12-02T20:30 2026-12-03T00:30',
      'alex-chen 2026-12-03T20:30 2026-12-04T00:30',
    ]);
  });

  it("takes days from midnight to midnight and times without a zone by the plan's clock, and UTC as it is", () => {
    expect(
      read(
        ['UID:1', 'SUMMARY:alex-chen', 'DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261226'],
        ['UID:2', 'SUMMARY:alex chen', 'DTSTART:20261227T090000', 'DTEND:20261227T170000'],
        ['UID:3', 'SUMMARY:alex-chen', 'DTSTART:20261228T090000Z', 'DTEND:20261228T170000Z', 'STATUS:CONFIRMED'],
        ['UID:4', 'SUMMARY:alex-chen', 'DTSTART:20261228T090000Z', 'DTEND:20261228T170000Z', 'STATUS:CANCELLED'],
      ),
    ).toEqual([
      'alex-chen 2026-12-24T05:00 2026-12-26T05:00',
      'alex-chen 2026-12-27T14:00 2026-12-27T22:00',
      'alex-chen 2026-12-28T09:00 2026-12-28T17:00',
    ]);
  });

  it('knows zones as Outlook calls them, each by its own clock', () => {
    expect(
      read(
        ['UID:1', 'SUMMARY:alex-chen', 'DTSTART;TZID=W. Europe Standard Time:20261124T090000', 'DURATION:PT1H'],
        ['UID:2', 'SUMMARY:alex-chen', 'DTSTART;TZID="Eastern Standard Time":20261125T090000', 'DURATION:PT1H'],
      ),
    ).toEqual(['alex-chen 2026-11-24T08:00 2026-11-24T09:00', 'alex-chen 2026-11-25T14:00 2026-11-25T15:00']);
  });

  it('knows people by address or name, exactly', () => {
    const times = ['DTSTART:20261228T090000Z', 'DTEND:20261228T170000Z'];
    for (const who of [
      ['SUMMARY:On call', 'ATTENDEE;CN=Dave:mailto:DAVID@eld.example'],
      ['SUMMARY:On call', 'ATTENDEE;CN="David Kim":mailto:other@eld.example'],
      ['SUMMARY:david@eld.example'],
    ]) {
      expect(read(['UID:1', ...times, ...who])[0], who.join()).toContain(david);
    }
    const text = calendar(['UID:1', ...times, 'SUMMARY:Alex Chen'], ['UID:2', ...times, 'SUMMARY:David Kin (on call)']);
    expect(refused(text)).toBe(
      'ARGUMENTS_INVALID user The calendar can not be taken. line 11: nobody of the roster is "David Kin (on call)". Nothing was changed.',
    );
  });

  it('is refused with every line that can not be taken', () => {
    const said = refused(
      calendar(
        weekly,
        ['UID:b', 'SUMMARY:David Kim', 'DTSTART:20261104T000000Z', 'DTEND:20261105T000000Z'],
        ['UID:c', 'SUMMARY:David Kim', 'DTSTART;TZID=Mars/Olympus:20261104T000000', 'DURATION:P1D'],
        ['SUMMARY:David Kim', 'DTSTART:20261104T000000Z', 'DTEND:20261105T000000Z'],
        ['UID:d', 'SUMMARY:Alex Chen', 'DTSTART:20261104T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY'],
      ),
    );
    expect(said).toContain('line 12: two have 2026-11-04 00:00:00 UTC, this and the event of line 4');
    expect(said).toContain('line 19: "Mars/Olympus" is not a time zone');
    expect(said).toContain('line 26: the event has no UID');
    expect(said).toContain('line 32: the event happens more than 1500 times');
  });

  it('may repeat since years ago, and come as two calendars in one file with a mark in front', () => {
    const daily = ['UID:1', 'SUMMARY:Alex Chen', 'DTSTART:20080101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'];
    expect(read(daily)).toHaveLength(132);
    const twice = `\uFEFF${calendar(weekly)}${calendar(['UID:2', 'SUMMARY:David Kim', 'DTSTART:20261103T000000Z', 'DTEND:20261103T010000Z'])}`;
    expect(refused(twice)).toContain('line 16: two have 2026-11-03 00:00:00 UTC, this and the event of line 4');
  });

  it('with an event that takes no time is refused, unless that is long over or cancelled', () => {
    const noEnd = ['UID:1', 'SUMMARY:Alex Chen', 'DTSTART:20261228T090000Z'];
    expect(refused(calendar(noEnd))).toContain('line 4: the event has no end after its beginning');
    expect(read([...noEnd, 'STATUS:CANCELLED'], ['UID:2', 'SUMMARY:Nobody', 'DTSTART:20201228T090000Z'])).toEqual([]);
    expect(refused(calendar(['UID:1', 'SUMMARY:Alex Chen', 'DURATION:P1D']))).toContain('the event has no DTSTART');
    expect(refused(calendar(['UID:1', 'SUMMARY:Alex Chen', 'DTSTART:99999999T999999Z']))).toContain('line 4: ');
  });

  it('that would take minutes to unfold is refused', () => {
    const endless = ['UID:1', 'SUMMARY:Alex Chen', 'DTSTART:20000101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY'];
    expect(refused(calendar(endless, endless))).toMatch(
      /line 4: the event repeats too often.*line 12: the event repeats/,
    );
  });

  it('that is none is refused', () => {
    for (const text of [
      '',
      'hello',
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026',
      '<html>',
      'BEGIN:VCARD\r\nFN:Alex Chen\r\nEND:VCARD',
      'x'.repeat(2_000_001),
    ]) {
      expect(refused(text), text.slice(0, 40)).toMatch(/^ARGUMENTS_INVALID user The calendar can not be taken/);
    }
  });
});
