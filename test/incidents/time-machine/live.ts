import { happen, open } from './happenings.ts';
import { DAY, HOUR } from './plan-words.ts';
import { TICK, type Year } from './year.ts';

/** Most incidents at a time; a company with more has another problem. */
const AT_ONCE = 5;

/**
 * Lives on until so many incidents more have been, spread so that `ofYear` of them make a year. Every deadline is looked at just
 * before it and at most one tick after it; now and then nobody looks for hours or a day.
 */
export async function live(year: Year, incidents: number, ofYear: number): Promise<void> {
  const until = year.tally.incidents + incidents;
  const gap = (365 * DAY) / ofYear;
  while (year.tally.incidents < until && year.faults.length === 0) {
    await weather(year);
    const active = [...year.papers.values()].filter(({ state }) => state === 'open').length;
    if (active === 0 || (active < AT_ONCE && year.random() < 0.15)) {
      // quiet days pass at once
      if (active === 0) year.goTo(year.now + Math.floor(year.random() * 1.9 * gap));
      await open(year);
      await year.look();
      continue;
    }
    await onward(year);
  }
  if (year.faults.length === 0) await year.rest();
  forget(year);
}

/** People do something every quarter of an hour while it burns, and a few times a day while it does not. */
function paceOf(year: Year): number {
  const worst = [...year.papers.values()].filter(({ state }) => state === 'open').map(({ severity }) => severity);
  return ({ 'sev-1': 1, 'sev-2': 6, 'sev-3': 200 }[worst.sort()[0] ?? 'sev-3'] ?? 1) * HOUR;
}

async function onward(year: Year): Promise<void> {
  const due = Math.min(...[...year.papers.values()].map((paper) => paper.next() ?? Number.POSITIVE_INFINITY));
  const event = year.now + Math.ceil(year.random() ** 3 * paceOf(year));
  if (year.random() < 0.02) {
    // nobody is there to look: a restart, or a day of it
    year.goTo(year.now + Math.ceil(year.random() ** 2 * DAY));
    year.tally.outages += 1;
    await year.look();
    return;
  }
  if (event < due) {
    year.goTo(event);
    await happen(year);
    await year.look();
    return;
  }
  if (due - 1 > year.now && year.random() < 0.5) {
    year.goTo(due - 1);
    await year.look();
  }
  year.goTo(due + Math.floor(year.random() * TICK));
  await year.look();
}

/** The pager and the gateway come and go. */
async function weather(year: Year): Promise<void> {
  const dice = year.random();
  if (dice < 0.03) year.pager.set('silent');
  else if (dice < 0.05) year.pager.failWhen(() => year.random() < 0.4);
  else if (dice < 0.2) {
    year.pager.set('none');
    year.pager.failWhen(() => false);
  }
  if (dice > 0.95) year.sms.failWhen(() => year.random() < 0.5);
}

/** Papers of incidents that are over are put away. */
function forget(year: Year): void {
  for (const [id, { state }] of year.papers) if (state === 'over') year.papers.delete(id);
}
