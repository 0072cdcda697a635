const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a zone's clocks show, told by Intl alone: minutes since 1970-01-01 00:00 by that clock. */
export function zoneClock(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (moment) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 0, day = 0] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return Date.UTC(year, month - 1, day, parts.get('hour'), parts.get('minute')) / MINUTE_MS;
  };
}

/** The clock at every minute of a time, one after the other; asked of Intl each hour, and each minute of an hour with a change. */
export function minutesOf(timeZone: string, from: number, until: number): Int32Array {
  const clock = zoneClock(timeZone);
  const shown = new Int32Array((until - from) / MINUTE_MS);
  for (let hour = from; hour < until; hour += HOUR_MS) {
    const first = clock(hour);
    const changes = clock(hour + HOUR_MS) - first !== 60;
    for (let minute = 0; minute < 60; minute += 1) {
      const index = (hour - from) / MINUTE_MS + minute;
      shown[index] = changes ? clock(hour + minute * MINUTE_MS) : first + minute;
    }
  }
  return shown;
}
