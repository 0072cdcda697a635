import { memoryControlStore } from '#adapters/memory';
import { type Clock, IncidentId, PersonId, Region, Role, systemRandom } from '#core';
import { type Cause, deliverPages, type IncidentsWorld, openIncident, reconcile, tick } from '#incidents';
import { createRoster, type Duty, openDuty } from '#oncall';
import { loadPlan, type Plan } from '#plan';
import type { ControlStore } from '#ports';
import { createTimeline } from '#record';
import { gatewayDouble, pagerDouble } from './pager-double.ts';

export const START = new Date('2026-11-23T08:02:10Z');
export const MINUTE = 60_000;

export const person = (id: string): PersonId => PersonId.parse(id);
export const role = (id: string): Role => Role.parse(id);
export const incidentId = (id: string): IncidentId => IncidentId.parse(id);

export const JOHN = person('john-smith');
export const JANE = person('jane-doe');
export const MIKE = person('mike-johnson');
export const SARAH = person('sarah-wilson');
export const ALEX = person('alex-chen');
export const DAVID = person('david-kim');
export const LISA = person('lisa-brown');
export const RACHEL = person('rachel-green');
export const COMMANDER = role('incident-commander');
export const DATABASE = role('database-admin');
export const TECHNICAL = role('technical-lead');

export const noPrimary = (change: Partial<Cause> = {}): Cause => ({
  key: 'us-east-1/database_connectivity',
  title: 'us-east-1 database has no primary',
  cause: ['2 of 2 members do not answer.'],
  effect: ['Drivers cannot save logs.'],
  next: '/dr failover us-west-2',
  since: START,
  region: Region.parse('us-east-1'),
  severity: 'sev-1',
  role: DATABASE,
  hostile: false,
  ...change,
});

/** A cause of a lower severity that calls the technical lead alone. */
export const slow = (change: Partial<Cause> = {}): Cause =>
  noPrimary({
    key: 'us-east-1/external_dependencies',
    title: 'KMS answers slowly',
    effect: ['Backups take longer.'],
    severity: 'sev-2',
    role: TECHNICAL,
    ...change,
  });

const planFile = loadPlan('plan.yaml');

interface Options {
  readonly start?: Date;
  readonly plan?: (plan: Plan) => Plan;
  readonly duty?: Duty;
  readonly noPager?: boolean;
  readonly store?: (store: ControlStore) => ControlStore;
  readonly isRunUnderWay?: IncidentsWorld['isRunUnderWay'];
}

/** Nobody sleeps in these tests, so moving it is all. */
export function movedClock(start: Date): Clock & { advance(ms: number): void } {
  let passedMs = 0;
  return {
    now: () => new Date(start.getTime() + passedMs),
    monotonicMs: () => passedMs,
    sleep: async () => undefined,
    advance: (ms) => {
      passedMs += ms;
    },
  };
}

/** Incidents with everything around them in memory, and a clock that is moved. */
export async function incidentsBench(options: Options = {}) {
  const { plan: read } = await planFile;
  const plan = options.plan?.(read) ?? read;
  const clock = movedClock(options.start ?? START);
  const bare = memoryControlStore(clock);
  const store = options.store?.(bare) ?? bare;
  const pager = pagerDouble(clock.now);
  const sms = gatewayDouble('sms');
  const voice = gatewayDouble('voice');
  const roster = createRoster(plan);
  const world: IncidentsWorld = {
    plan,
    store,
    roster,
    duty: options.duty ?? openDuty({ roster, store, clock }),
    pager: options.noPager ? undefined : pager.pager,
    notifiers: [sms.notifier, voice.notifier],
    timeline: createTimeline({ store, clock, random: systemRandom }),
    clock,
    linkTo: async (id) => ({ url: `https://hf.example/i/${id.slice(4)}` }),
    ...(options.isRunUnderWay ? { isRunUnderWay: options.isRunUnderWay } : {}),
  };
  const beat = async (): Promise<void> => {
    await tick(world, await store.now());
    await deliverPages(world);
  };
  /** Beats once a `step`, for so long. */
  const pass = async (ms: number, step = MINUTE): Promise<void> => {
    const until = clock.now().getTime() + ms;
    while (clock.now().getTime() < until) {
      clock.advance(Math.min(step, until - clock.now().getTime()));
      await beat();
    }
  };
  const open = async (cause: Cause = noPrimary()) => {
    const opened = await openIncident(world, { kind: 'found', cause });
    await beat();
    return opened.incident.id;
  };
  const entries = async () =>
    (await world.timeline.read({ limit: 1_000 })).map(({ kind, text }) => `${kind}: ${words(text)}`);
  return {
    world,
    plan,
    clock,
    store,
    bare,
    pager,
    sms,
    voice,
    roster,
    beat,
    pass,
    open,
    entries,
    sweep: () => reconcile(world),
  };
}
export type IncidentsBench = Awaited<ReturnType<typeof incidentsBench>>;

const words = (text: readonly unknown[]): string =>
  text
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const [value] = Object.values(piece as object);
      return value instanceof Date ? value.toISOString().slice(11, 19) : String(value);
    })
    .join('');
