import { IncidentId } from '#core';
import {
  acknowledge,
  addCause,
  addResponder,
  type Cause,
  changeSeverity,
  confirmStillOnIt,
  endCause,
  handOver,
  onPagerEvent,
  openIncident,
  passOn,
  readIncident,
  reopen,
  resolve,
  snooze,
} from '#incidents';
import { pick, type Seeded } from '../../e2e/scenarios/seeded.ts';
import { noPrimary } from '../world.ts';
import { Paper } from './oracle.ts';
import { MINUTE } from './plan-words.ts';
import { personId, roleId, type Year } from './year.ts';

type Happening = (year: Year, id: string, paper: Paper) => Promise<void>;

const SEVERITIES = ['sev-1', 'sev-2', 'sev-3'] as const;
let numbers = 0;
const next = (): string => {
  numbers += 1;
  return `${numbers}`;
};

const someCause = (random: Seeded, now: number): Cause =>
  noPrimary({
    key: `thing-${next()}`,
    severity: pick(random, SEVERITIES),
    role: pick(random, [undefined, roleId('database-admin'), roleId('security-lead')]),
    since: new Date(now),
  });

/** Whoever is likely to do something with an incident: mostly who is called or has it, sometimes anybody. */
function somebody(year: Year, paper: Paper): string {
  const near = paper.lines.flatMap(({ has, last }) => (has ? [has.by] : last));
  const among = year.random() < 0.75 && near.length > 0 ? near : year.everyone;
  return among[Math.floor(year.random() * among.length)] ?? 'john-smith';
}

export async function open(year: Year): Promise<void> {
  const cause = someCause(year.random, year.now);
  const { incident } = await year.survive(() => openIncident(year.world, { kind: 'found', cause }));
  const world = { contacts: year.contacts, everyone: year.everyone, holidays: year.plan.businessDays.holidays };
  year.papers.set(incident.id, new Paper(world, cause.severity, cause.key, cause.role, year.now));
  year.tally.incidents += 1;
}

const asked = (id: string, by: string) => ({ incident: IncidentId.parse(id), by: personId(by), intake: next() });

const byButton: Happening = async (year, id, paper) => {
  const by = somebody(year, paper);
  const what = { ...asked(id, by), via: 'slack' } as const;
  await year.survive(() => acknowledge(year.world, what));
  if (year.random() < 0.3) await year.survive(() => acknowledge(year.world, what));
  paper.acknowledge(by, year.now);
  year.tally.acknowledgements += 1;
};

const inPager: Happening = async (year, id, paper) => {
  const key = (await readIncident(year.world.store, IncidentId.parse(id)))?.pagerKeys.at(-1)?.key ?? '';
  if (year.pager.state(key) === undefined || year.pager.state(key) === 'resolved') return;
  const by = somebody(year, paper);
  const user = year.plan.roster.people[personId(by)]?.pagerdutyUser ?? '';
  year.pager.acknowledgeAs(key, user);
  const event = { id: `D-${next()}`, type: 'acknowledged', occurredAt: new Date(year.now), key, user } as const;
  await year.survive(() => onPagerEvent(year.world, event));
  await year.survive(() => onPagerEvent(year.world, event));
  paper.acknowledge(by, year.now);
  year.tally.acknowledgements += 1;
};

const stillThere: Happening = async (year, id, paper) => {
  const by = somebody(year, paper);
  if (!paper.has(by)) return;
  const what = asked(id, by);
  await year.survive(() => confirmStillOnIt(year.world, what));
  paper.confirm(by, year.now);
};

const cannot: Happening = async (year, id, paper) => {
  const by = somebody(year, paper);
  if (!paper.isTheirs(by)) return;
  const what = asked(id, by);
  await year.survive(() => passOn(year.world, what));
  year.expect(id, paper.passOn(by, year.now));
};

const later: Happening = async (year, id, paper) => {
  const by = somebody(year, paper);
  if (!paper.has(by)) return;
  const until = year.now + Math.ceil(year.random() * 100) * MINUTE;
  const what = { ...asked(id, by), until: new Date(until) };
  await year.survive(() => snooze(year.world, what));
  paper.snooze(by, until);
};

const otherSeverity: Happening = async (year, id, paper) => {
  const to = pick(year.random, SEVERITIES);
  const by = somebody(year, paper);
  const what = { ...asked(id, by), to };
  await year.survive(() => changeSeverity(year.world, what));
  if (to < paper.severity) paper.severer(to, by, year.now);
  else if (to > paper.severity) paper.milder(to, year.now);
};

const given: Happening = async (year, id, paper) => {
  const by = somebody(year, paper);
  const to = pick(year.random, year.everyone as [string, ...string[]]);
  const role = pick(year.random, ['incident-commander', 'database-admin', 'technical-lead']);
  const what = { ...asked(id, by), to: personId(to), role: roleId(role) };
  await year.survive(() => handOver(year.world, what));
  year.expect(id, paper.handOver(role, to, year.now));
};

const askedFor: Happening = async (year, id, paper) => {
  const whom = pick(year.random, year.everyone as [string, ...string[]]);
  const what = { ...asked(id, somebody(year, paper)), whom: { person: personId(whom) } };
  await year.survive(() => addResponder(year.world, what));
  year.expect(id, paper.respond(whom, year.now));
};

const betterOrWorse: Happening = async (year, _, paper) => {
  const [key, cause] = pick(year.random, [...paper.causes] as [
    [string, { role: string | undefined; isOver: boolean }],
  ]);
  if (!cause.isOver) {
    await year.survive(() => endCause(year.world, { key }));
    paper.well(key, year.now);
    return;
  }
  const severity = year.random() < 0.5 ? 'sev-3' : 'sev-2';
  const again = noPrimary({ key, severity, role: cause.role as never, since: new Date(year.now) });
  await year.survive(() => openIncident(year.world, { kind: 'found', cause: again }));
  paper.worse(key, cause.role, severity, year.now);
};

const another: Happening = async (year, id, paper) => {
  const cause = someCause(year.random, year.now);
  await year.survive(() => addCause(year.world, { incident: IncidentId.parse(id), cause }));
  paper.worse(cause.key, cause.role, cause.severity, year.now);
};

const over: Happening = async (year, id, paper) => {
  const what = { ...asked(id, somebody(year, paper)), why: 'done' };
  await year.survive(() => resolve(year.world, what));
  paper.end();
  year.tally.ended += 1;
  if (year.random() < 0.1) {
    const back = { ...asked(id, somebody(year, paper)), why: 'not done' };
    await year.survive(() => reopen(year.world, back));
    paper.again(year.now);
  }
};

const often = (times: number, happening: Happening): Happening[] => Array.from({ length: times }, () => happening);

const HAPPENINGS = [
  ...often(24, byButton),
  ...often(10, inPager),
  ...often(12, stillThere),
  ...often(5, cannot),
  ...often(5, later),
  ...often(6, otherSeverity),
  ...often(5, given),
  ...often(3, askedFor),
  ...often(9, betterOrWorse),
  ...often(3, another),
  ...often(14, over),
] as unknown as readonly [Happening, ...Happening[]];

/** Something happens to one of the open incidents. */
export async function happen(year: Year): Promise<void> {
  const open = [...year.papers].filter(([, { state }]) => state === 'open');
  const chosen = open[Math.floor(year.random() * open.length)];
  if (!chosen) return;
  const happening = pick(year.random, HAPPENINGS);
  year.mayDie();
  await happening(year, ...chosen);
}
