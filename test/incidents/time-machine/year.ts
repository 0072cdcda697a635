import { memoryControlStore } from '#adapters/memory';
import { IncidentId, PersonId, Role } from '#core';
import { deliverPages, type IncidentsWorld, Page, readIncident, reconcile, tick } from '#incidents';
import { createRoster } from '#oncall';
import type { Plan } from '#plan';
import type { ControlStore, Records } from '#ports';
import type { NewEntry, Timeline } from '#record';
import type { Seeded } from '../../e2e/scenarios/seeded.ts';
import { type DyingStore, dyingStore, GONE } from '../../support/dying-store.ts';
import { gatewayDouble, type PagerDouble, pagerDouble } from '../pager-double.ts';
import { movedClock } from '../world.ts';
import type { Expected, Paper } from './oracle.ts';
import { DAY } from './plan-words.ts';
import { shifts } from './shifts.ts';

/** A planted mistake: what the code is given instead of what is so. */
export interface Planted {
  readonly plan?: (plan: Plan) => Plan;
  readonly store?: (store: ControlStore) => ControlStore;
  readonly world?: (world: IncidentsWorld) => IncidentsWorld;
}

export interface Tally {
  incidents: number;
  calls: number;
  acknowledgements: number;
  crashes: number;
  outages: number;
  ended: number;
}

/** Somebody looks every thirty seconds. */
export const TICK = 30_000;
const START = Date.parse('2026-01-05T06:00:00Z');
/** Every third day, so that each weekday has its turn. */
export const HOLIDAYS = Array.from({ length: 200 }, (_, index) =>
  new Date(START + index * 3 * DAY).toISOString().slice(0, 10),
);

/** A year of incidents: the clock, the store that may die, the papers that say what must happen, and what was found wrong. */
export class Year {
  readonly faults: string[] = [];
  readonly tally: Tally = {
    ...{ incidents: 0, calls: 0, acknowledgements: 0, crashes: 0, outages: 0, ended: 0 },
  };
  readonly papers = new Map<string, Paper>();
  readonly random: Seeded;
  readonly plan: Plan;
  readonly pager: PagerDouble;
  readonly sms = gatewayDouble('sms');
  readonly contacts;
  readonly everyone: readonly string[];
  world: IncidentsWorld;
  private readonly clock;
  private readonly bare: ControlStore;
  private readonly dying: DyingStore;
  private readonly pages: Records<Page>;
  private readonly facts = new Map<string, NewEntry>();
  private readonly seen = new Set<string>();
  private lastLookAt: number;
  private lastRestAt: number;
  private expected: { readonly incident: string; readonly call: Expected }[] = [];

  constructor(random: Seeded, plan: Plan, planted: Planted = {}, start = START) {
    this.random = random;
    this.clock = movedClock(new Date(start));
    this.lastLookAt = start;
    this.lastRestAt = start;
    this.plan = { ...plan, businessDays: { ...plan.businessDays, holidays: HOLIDAYS } };
    this.bare = memoryControlStore(this.clock);
    this.dying = dyingStore(planted.store?.(this.bare) ?? this.bare);
    this.pages = this.bare.records('pages', Page);
    this.pager = pagerDouble(this.clock.now);
    const made = shifts(this.plan, Math.floor(random() * 1e9));
    this.contacts = made.contacts;
    const codePlan = planted.plan?.(this.plan) ?? this.plan;
    const roster = createRoster(codePlan);
    this.everyone = roster.people().map(({ id }) => id);
    const world: IncidentsWorld = {
      plan: codePlan,
      store: this.dying.store,
      roster,
      duty: made.duty,
      pager: this.pager.pager,
      notifiers: [this.sms.notifier],
      timeline: this.timeline(),
      clock: this.clock,
    };
    this.world = planted.world?.(world) ?? world;
  }

  get now(): number {
    return this.clock.now().getTime();
  }

  get days(): number {
    return (this.now - START) / DAY;
  }

  fault(what: string): void {
    this.faults.push(`${new Date(this.now).toISOString()} ${what}`);
  }

  goTo(ms: number): void {
    if (ms > this.now) this.clock.advance(ms - this.now);
  }

  /** Sets the process up to die at one of its next writes, sometimes. */
  mayDie(): void {
    if (this.random() < 0.12)
      this.dying.dieAt(1 + Math.floor(this.random() * 9), this.random() < 0.5 ? 'before' : 'after');
  }

  /** Does it, and again as often as the process dies over it, as people and timers do. */
  async survive<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work();
      } catch (thrown) {
        if (thrown !== GONE || attempt > 20) throw thrown;
        this.dying.revive();
        this.tally.crashes += 1;
      }
    }
  }

  expect(incident: string, calls: readonly Expected[]): void {
    for (const call of calls) this.expected.push({ incident, call });
  }

  /** One look of whoever holds the lease, and then what was paged against what had to be. */
  async look(): Promise<void> {
    this.mayDie();
    await this.survive(async () => {
      await tick(this.world, this.clock.now());
      await deliverPages(this.world);
      if (this.random() < 0.3) await reconcile(this.world);
      // two at once, as when a lease changes hands
      if (this.random() < 0.05)
        await Promise.all([tick(this.world, this.clock.now()), tick(this.world, this.clock.now())]);
    });
    this.dying.revive();
    for (const [incident, paper] of this.papers) {
      const was = paper.state;
      this.expect(incident, paper.settle(this.now));
      if (was === 'open' && paper.state === 'over') this.tally.ended += 1;
    }
    await this.compare();
    this.lastLookAt = this.now;
  }

  private async compare(): Promise<void> {
    const where = { decidedAt: { atLeast: new Date(this.lastLookAt) } };
    const found = await this.pages.find({ where, limit: 10_000 });
    const fresh = found.map(({ value }) => value).filter(({ id }) => !this.seen.has(id));
    for (const { id } of fresh) this.seen.add(id);
    const words = (incident: string | undefined, role: string | undefined, person: string, due: number): string =>
      `${incident} ${role ?? 'by name'} ${person} due ${new Date(due).toISOString()}`;
    const got = fresh.map(({ incident, role, person, dueAt }) => words(incident, role, person, dueAt.getTime()));
    const wanted = this.expected.map(({ incident, call }) => words(incident, call.role, call.person, call.due));
    for (const each of without(got, wanted)) this.fault(`paged, and should not be: ${each}`);
    for (const each of without(wanted, got)) this.fault(`should be paged, and is not: ${each}`);
    this.tally.calls += got.length;
    this.expected = [];
  }

  /** The pager is there again and a few minutes pass: everything that is still wanted has got through by then, and is told. */
  async rest(): Promise<void> {
    this.pager.set('none');
    this.pager.failWhen(() => false);
    this.sms.failWhen(() => false);
    for (let beat = 0; beat < 12; beat += 1) {
      this.goTo(this.now + 20_000);
      await this.look();
    }
    await this.survive(() => reconcile(this.world));
    const where = { decidedAt: { atLeast: new Date(this.lastRestAt) } };
    for (const { value } of await this.pages.find({ where, limit: 100_000 })) this.checkPage(value);
    this.lastRestAt = this.now;
    for (const id of this.papers.keys()) await this.checkRecord(id);
  }

  private checkPage(page: Page): void {
    if (page.state === 'due') this.fault(`${page.id} did not get through`);
    const user = this.plan.roster.people[page.person]?.pagerdutyUser;
    const way = page.ways.find((each) => each.way === 'pager');
    if (way?.state !== 'accepted' || !way.acceptedAt) return;
    const asked = this.pager.asked.some(
      ({ key, users, at }) =>
        key.startsWith(`${page.incident}/`) && users.includes(user ?? '') && at.getTime() >= page.decidedAt.getTime(),
    );
    if (!asked) this.fault(`${page.id} is said to be with the pager, which was never asked`);
  }

  private async checkRecord(id: string): Promise<void> {
    const incident = await readIncident(this.bare, IncidentId.parse(id));
    if (!incident) return this.fault(`${id} is not there`);
    if (incident.untold) this.fault(`${id} has something untold`);
    for (let fact = 1; fact <= incident.facts; fact += 1) {
      if (!this.facts.has(`${id}/${fact}`)) this.fault(`${id}/${fact} is not in the record`);
    }
    const paper = this.papers.get(id);
    const isOpen = incident.state === 'open';
    if (isOpen !== (paper?.state === 'open')) this.fault(`${id} is ${incident.state}, and on paper ${paper?.state}`);
    const held = (lines: readonly { role: string; by: string | undefined }[]): string =>
      lines
        .map(({ role, by }) => `${role}:${by ?? '-'}`)
        .sort()
        .join(' ');
    const here = held(incident.legs.map(({ role, hold }) => ({ role, by: hold?.by })));
    const there = held((paper?.lines ?? []).map(({ role, has }) => ({ role, by: has?.by })));
    if (isOpen && here !== there) this.fault(`${id} has ${here}, on paper ${there}`);
    const openKeys = this.pager.openKeys().filter((key) => key.startsWith(`${id}/`));
    if (!isOpen && openKeys.length > 0) this.fault(`${id} is over and still open at the pager: ${openKeys.join(', ')}`);
  }

  /** Append-only, idempotent by id, and dying with its process. */
  private timeline(): Timeline {
    const kept = this.dying.store.records('facts', Page);
    const none = async () => undefined;
    return {
      append: async (entry: NewEntry) => {
        await kept.get('any');
        if (!this.facts.has(entry.id)) this.facts.set(entry.id, entry);
        else if (JSON.stringify(this.facts.get(entry.id)?.text) !== JSON.stringify(entry.text)) {
          this.fault(`${entry.id} was told twice in other words`);
        }
        return entry as never;
      },
      read: async () => [],
      head: none,
      onAppend: () => () => undefined,
    };
  }
}

function without(these: readonly string[], those: readonly string[]): string[] {
  const left = [...those];
  return these.filter((each) => {
    const index = left.indexOf(each);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

export const personId = (id: string): PersonId => PersonId.parse(id);
export const roleId = (id: string): Role => Role.parse(id);
