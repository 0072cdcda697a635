import { describe, expect, it } from 'vitest';
import { memoryNotifier, notifierRefused } from '#adapters/memory';
import { PersonId, RequestId } from '#core';
import { approvalsCard, requestCard, sweepStarts, viewOf } from '#flows';
import { type Incident, pagesOf } from '#incidents';
import { vetoMinutesOf } from '../../../src/flows/starts/veto-minutes.ts';
import { wordsOf } from '../../support/words-of.ts';
import { type Lasting, lasting, USERS } from '../flow-bench.ts';
import { incidentBench, MINUTE, WEST } from '../incidents/incident-bench.ts';

const ALEX = PersonId.parse('alex-chen');
const R1 = RequestId.parse('R-1');
/** By plan.yaml. */
const VETO_MINUTES = 5;

/** A process that listens to people for long already, and one gateway that reaches everybody. */
function listening(on: Lasting = lasting()) {
  const bench = incidentBench(on);
  const { flow, clock } = bench;
  const gateway = memoryNotifier('sms', clock);
  Object.assign(flow.incidents, { notifiers: [gateway] });
  const look = (sinceMs = Number.NEGATIVE_INFINITY) => sweepStarts(flow, { sinceMs });
  return {
    ...bench,
    gateway,
    look,
    record: async () => (await flow.requests.get(R1))?.value,
    later: async (minutes: number) => {
      clock.advance(minutes * MINUTE);
      await look();
    },
    said: async () =>
      (await flow.timeline.read({ thread: R1, limit: 100 })).map(({ text }) =>
        text.flatMap((piece) => (typeof piece === 'string' ? piece : 'bold' in piece ? piece.bold : [])).join(''),
      ),
    card: async () => {
      const view = await viewOf(R1, flow);
      return view ? wordsOf(requestCard(view), clock.now()) : '';
    },
  };
}

/** A breach, its request, announced, and everybody who could approve told. */
async function announced(on?: Lasting) {
  const bench = listening(on);
  await bench.round(bench.finding({ breach: true }));
  await bench.look();
  await bench.duties();
  return bench;
}

describe('a planned failover that a breach asks for', () => {
  it('starts when its minutes are over, everybody was told and nobody held it', async () => {
    const { state, later, work, record, said, world, gateway, card, flow, clock } = await announced();
    const text = await card();
    expect(text).toContain('STARTS UNLESS HELD - planned failover us-east-1 -> us-west-2');
    expect(text).toMatch(/Starts by itself at .*, unless somebody holds it\./);
    expect(text).toMatch(/What waiting costs\n[\s\S]*What starting costs\nWrites pause\./);
    const reader = { person: undefined, name: 'Guest', via: 'slack', at: clock.now(), timeZone: 'UTC' } as const;
    const list = await approvalsCard({ ...reader, intake: 'i', incident: undefined, request: undefined }, flow);
    expect(wordsOf(list, clock.now())).toMatch(/R-1\nStarts by itself at /);
    const notices = gateway.delivered.filter(({ notice }) => notice.text.startsWith('R-1 STARTS'));
    const eligible = new Set((await record())?.needs.flatMap((need) => need.eligible));
    expect(notices).toHaveLength(eligible.size);
    for (const { notice } of notices)
      expect(notice.text).toMatch(/^R-1 STARTS \d\d:\d\d UTC unless held: .* Hold: \/dr hold R-1/);
    await later(VETO_MINUTES - 0.02);
    expect(await state(R1)).toBe('waiting');
    await later(0.03);
    expect(await record()).toMatchObject({ state: 'approved', started: true, approvals: [] });
    await work();
    expect(world.flow.world.region).toBe('us-west-2');
    expect((await flow.journal.get(R1))?.value.state).toBe('done');
    expect((await said()).join('\n')).toMatch(
      /STARTS BY ITSELF[\s\S]*Nobody held it by .*Told: .*Alex Chen[\s\S]*DONE/,
    );
  });

  it('waits for approvals once somebody holds it, and starts with those', async () => {
    const { click, later, state, work, approved, world, kinds, card, only, flow } = await announced();
    expect(await click(USERS.lisa, 'hold', R1)).toContain('You hold R-1.');
    expect(await click(USERS.mike, 'hold', R1)).toContain('R-1 is held already.');
    await later(VETO_MINUTES + 1);
    expect(await state(R1)).toBe('waiting');
    expect((await kinds(R1)).filter((kind) => kind === 'held')).toHaveLength(1);
    expect(await card()).toMatch(/^APPROVAL NEEDED[\s\S]*Held by Lisa Brown/);
    const { id, pagerKeys }: Incident = await only();
    expect(pagerKeys.find(({ key }) => key === `${id}/start/R-1`)?.wanted).toBe('resolved');
    expect((await pagesOf(flow.store, id)).filter(({ why, state: of }) => why === 'start' && of === 'due')).toEqual([]);
    await approved(R1);
    await work();
    expect(world.flow.world.region).toBe('us-west-2');
  });

  it('is held by its command as well, by whoever holds a role and by nobody else', async () => {
    const { say, later, state } = await announced();
    expect(await say(USERS.guest, 'hold R-1')).toContain('no role in the plan');
    expect(await say(USERS.david, 'hold R-1')).toContain('You hold R-1.');
    await later(VETO_MINUTES + 1);
    expect(await state(R1)).toBe('waiting');
  });

  it('starts after a restart at the moment that was announced, once people could be heard for a minute', async () => {
    const on = lasting();
    const { record } = await announced(on);
    const startsAt = (await record())?.starts?.announced?.startsAt;
    const next = listening(on);
    next.clock.advance((VETO_MINUTES + 1) * MINUTE);
    await next.look(next.clock.monotonicMs() - 59_000);
    expect(await next.state(R1)).toBe('waiting');
    await next.look(next.clock.monotonicMs() - 60_000);
    expect(await next.record()).toMatchObject({ state: 'approved', starts: { unheld: { startsAt } } });
  });

  it.each<[string, (bench: Awaited<ReturnType<typeof announced>>) => Promise<unknown>, RegExp]>([
    ['its incident is well again', ({ round, finding }) => round(finding({ state: 'well' })), /INC-1 is well again/],
    [
      'the incident was ended',
      ({ say }) => say(USERS.john, 'incident resolve INC-1 --reason "a drill"'),
      /INC-1 is over/,
    ],
    [
      'the plan changed',
      async ({ flow }) => Object.assign(flow, { planHash: '0'.repeat(64) }),
      /plan.yaml changed since it was previewed/,
    ],
    [
      'the plan lets nothing start so any more',
      async ({ flow }) => Object.assign(flow, { plan: withBreach(flow.plan, { failover: 'propose' }) }),
      /plan.yaml lets it start with approvals only/,
    ],
    [
      'its announcement was written by somebody else',
      async ({ flow }) => {
        const seen = await flow.requests.get(R1);
        const said = seen?.value.starts?.announced;
        if (!seen || !said) throw new Error('it is not announced');
        const startsAt = new Date(said.startsAt.getTime() - MINUTE);
        await flow.requests.replace(seen, { ...seen.value, starts: { announced: { ...said, startsAt } } });
      },
      /its announcement is not signed by Holdfast/,
    ],
  ])('does not start when %s', async (_, change, why) => {
    const bench = await announced();
    await change(bench);
    await bench.later(VETO_MINUTES);
    expect(await bench.state(R1)).toBe('waiting');
    expect((await bench.said()).join('\n')).toMatch(why);
    expect(await bench.card()).toMatch(/^APPROVAL NEEDED/);
  });

  it('does not start when somebody who could approve was not told, and names them', async () => {
    const bench = listening();
    bench.gateway.failWith(({ to }) =>
      to === bench.flow.plan.roster.people[ALEX]?.phone
        ? { kind: 'refuse', error: notifierRefused('no such number') }
        : undefined,
    );
    await bench.round(bench.finding({ breach: true }));
    await bench.look();
    await bench.duties();
    await bench.later(VETO_MINUTES);
    expect(await bench.state(R1)).toBe('waiting');
    expect((await bench.said()).join('\n')).toContain('It does not start by itself: Alex Chen could not be told');
  });

  it('is not asked for again as soon as a move is over, and one that is announced then is given up', async () => {
    const { flow, later, state, say, approved, work, requests, said } = await announced();
    await say(USERS.mike, 'failover us-west-2 --reason "by hand, at once"');
    const other = (await requests()).find((id) => id !== R1) ?? R1;
    await approved(other);
    await work();
    expect((await flow.journal.get(other))?.value.state).toBe('done');
    await later(VETO_MINUTES);
    expect(await state(R1)).toBe('waiting');
    expect((await said()).join('\n')).toContain(`${other} moved the system less than 60 min ago`);
  });

  it('that drifted is refused by the worker, and is then asked for with approvals only', async () => {
    const { later, work, state, record, flow, world, card } = await announced();
    world.flow.world.members = 2;
    await later(VETO_MINUTES);
    await work();
    expect((await flow.journal.get(R1))?.value.state).toBe('refused');
    expect(await state(R1)).toBe('waiting');
    expect((await record())?.starts).toBeUndefined();
    await later(VETO_MINUTES + 1);
    expect(await state(R1)).toBe('waiting');
    expect(await card()).toMatch(/^APPROVAL NEEDED/);
  });

  it('whose record was changed by hand is refused by the worker', async () => {
    const { later, work, flow, world } = await announced();
    await later(VETO_MINUTES);
    const seen = await flow.requests.get(R1);
    const unheld = seen?.value.starts?.unheld;
    if (!seen || !unheld) throw new Error('it has not started');
    const announcedAt = new Date(unheld.announcedAt.getTime() - MINUTE);
    await flow.requests.replace(seen, {
      ...seen.value,
      starts: { ...seen.value.starts, unheld: { ...unheld, announcedAt } },
    });
    await work();
    expect((await flow.journal.get(R1))?.value).toMatchObject({
      state: 'refused',
      failure: { code: 'APPROVAL_INVALID' },
    });
    expect(world.flow.world.region).toBe('us-east-1');
  });

  it('goes on being approved by people, who need not wait', async () => {
    const { approved, work, world, only } = await announced();
    await approved(R1);
    await work();
    expect(world.flow.world.region).toBe(WEST);
    expect((await only()).pagerKeys.find(({ key }) => key.endsWith('start/R-1'))?.wanted).toBe('resolved');
  });
});

describe('what starts by itself', () => {
  it('is a planned failover that a breach asked for, where the plan says so, and nothing else', () => {
    const { plan } = incidentBench().flow;
    expect(vetoMinutesOf('failover', { via: 'incident' }, plan)).toBe(VETO_MINUTES);
    expect(vetoMinutesOf('failover', { via: 'slack' }, plan)).toBeUndefined();
    for (const job of ['failback', 'failover-unplanned', 'restore-swap', 'restore-undo', 'prune']) {
      expect(vetoMinutesOf(job, { via: 'incident' }, plan), job).toBeUndefined();
    }
    for (const failover of ['propose', 'manual'] as const) {
      expect(vetoMinutesOf('failover', { via: 'incident' }, withBreach(plan, { failover }))).toBeUndefined();
    }
  });
});

function withBreach<P extends ReturnType<typeof incidentBench>['flow']['plan']>(
  plan: P,
  change: Partial<P['detection']['onBreach']>,
): P {
  return { ...plan, detection: { ...plan.detection, onBreach: { ...plan.detection.onBreach, ...change } } };
}
