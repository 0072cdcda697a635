/**
 * The source plan's "Emergency Contact Procedures" and what plan.yaml adds to it, written down again by hand, so that the
 * oracle agrees with people and not with the code.
 */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface Rules {
  readonly escalate: (paged: number, holidays: readonly string[]) => number;
  readonly roles: readonly string[];
  readonly each: boolean;
  readonly ask: number;
  readonly confirm: number;
}

export const RULES: Record<string, Rules> = {
  'sev-1': {
    escalate: (paged) => paged + 15 * MINUTE,
    roles: ['incident-commander', 'database-admin'],
    each: true,
    ask: 15 * MINUTE,
    confirm: 5 * MINUTE,
  },
  'sev-2': {
    escalate: (paged) => paged + 2 * HOUR,
    roles: ['technical-lead'],
    each: false,
    ask: 60 * MINUTE,
    confirm: 15 * MINUTE,
  },
  'sev-3': {
    escalate: nextBusinessMorning,
    roles: ['technical-lead'],
    each: false,
    ask: 480 * MINUTE,
    confirm: 60 * MINUTE,
  },
};

/** Well for so long, and it is over. */
export const CALM = 15 * MINUTE;

const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
  weekday: 'short',
});

function wall(ms: number): { date: string; hour: string; weekday: string } {
  const parts = Object.fromEntries(newYork.formatToParts(ms).map(({ type, value }) => [type, value]));
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    hour: parts['hour'] ?? '',
    weekday: parts['weekday'] ?? '',
  };
}

/** Hour by hour until a clock in New York shows nine on a working day after the day of `paged`. */
function nextBusinessMorning(paged: number, holidays: readonly string[]): number {
  const today = wall(paged).date;
  for (let ms = Math.ceil(paged / HOUR) * HOUR; ; ms += HOUR) {
    const { date, hour, weekday } = wall(ms);
    const isWork = !['Sat', 'Sun'].includes(weekday) && !holidays.includes(date);
    if (date > today && hour === '09' && isWork) return ms;
  }
}
