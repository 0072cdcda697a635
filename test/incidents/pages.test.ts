import { describe, expect, it } from 'vitest';
import { acknowledge, deliverPages, openIncident, pageBlind, pagesOf, sendTestPage } from '#incidents';
import { ALEX, incidentsBench, JOHN, MIKE, MINUTE, noPrimary, slow } from './world.ts';

const SECOND = 1_000;
const ack = (incident: string, by: typeof JOHN) =>
  ({ incident, by, via: 'slack', intake: `${incident}-${by}` }) as never;
const direct = async (bench: Awaited<ReturnType<typeof incidentsBench>>) => {
  const { DirectMessage } = await import('#record');
  const kept = bench.store.records('direct-messages', DirectMessage);
  return (await kept.find({ limit: 500 })).map(({ value }) => value);
};

describe('when the pager does not answer', () => {
  it('sends by the second path in the same round, says so once, and goes on trying', async () => {
    const bench = await incidentsBench();
    bench.pager.set('silent');
    const id = await bench.open();
    expect([...bench.sms.delivered.values()].map(({ to }) => to).sort()).toEqual(['+1-555-0101', '+1-555-0105']);
    expect(bench.voice.delivered.size).toBe(2);
    const said = (await bench.entries()).filter((line) => line.includes('Not by PagerDuty'));
    expect(said).toEqual([
      'paged: Not by PagerDuty: PagerDuty does not answer (503). Paging by Slack, SMS, telephone instead. Still trying PagerDuty.',
    ]);
    bench.pager.set('none');
    await bench.pass(30 * SECOND, 5 * SECOND);
    expect(bench.pager.rings).toHaveLength(2);
    expect((await pagesOf(bench.store, id)).map(({ state }) => state)).toEqual(['done', 'done']);
    expect(bench.sms.delivered.size).toBe(2);
  });

  it('gives up on a pager that fails a few times in a round, and at once on one that is silent', async () => {
    const bench = await incidentsBench();
    let asks = 0;
    let takesMs = 0;
    bench.pager.failWhen(() => {
      asks += 1;
      bench.clock.advance(takesMs);
      return true;
    });
    for (let each = 0; each < 10; each += 1) {
      await openIncident(bench.world, { kind: 'found', cause: noPrimary({ key: `thing-${each}` }) });
    }
    await bench.beat();
    expect(asks).toBe(3);
    takesMs = 8 * SECOND;
    bench.clock.advance(MINUTE);
    await bench.beat();
    expect(asks).toBe(4);
    // ten incidents at once are one message to a person
    expect([...bench.sms.delivered.values()].map(({ to }) => to).sort()).toEqual(['+1-555-0101', '+1-555-0105']);
    expect([...bench.sms.delivered.values()][0]?.text).toMatch(/^SEV-1 INC-[0-9]+ and 9 more: /);
  });

  it('does not ring telephones for a Sev-2', async () => {
    const bench = await incidentsBench();
    bench.pager.set('refuses');
    await bench.open(slow());
    expect(bench.sms.delivered.size).toBe(1);
    expect(bench.voice.delivered.size).toBe(0);
  });

  it('takes the second path when the call is taken and the person is not called by name', async () => {
    const bench = await incidentsBench();
    bench.pager.set('knows-nobody');
    await bench.open(slow());
    await bench.pass(8 * SECOND, SECOND);
    expect(bench.sms.delivered.size).toBe(0);
    await bench.pass(4 * SECOND, SECOND);
    expect(bench.sms.delivered.size).toBe(1);
    expect(bench.pager.triggers).toHaveLength(1);
  });

  it('does not hold up the telephone for an SMS gateway that fails', async () => {
    const bench = await incidentsBench({ noPager: true });
    bench.sms.failWhen(() => true);
    await bench.open();
    expect(bench.voice.delivered.size).toBe(2);
    bench.sms.failWhen(() => false);
    await bench.pass(20 * SECOND, SECOND);
    expect(bench.sms.delivered.size).toBe(2);
  });
});

describe('a page', () => {
  it('goes to somebody without a PagerDuty id by the second path at once', async () => {
    const bench = await incidentsBench({
      plan: (plan) => {
        const { pagerdutyUser: _, ...mike } = plan.roster.people[MIKE] as never as {
          pagerdutyUser: string;
          name: string;
        };
        return { ...plan, roster: { ...plan.roster, people: { ...plan.roster.people, [MIKE]: mike } } };
      },
    });
    await bench.open(slow());
    expect(bench.sms.delivered.size).toBe(1);
    expect(bench.pager.triggers).toHaveLength(0);
  });

  it('is void once somebody has it, also when it never got through', async () => {
    const bench = await incidentsBench();
    bench.pager.set('silent');
    const id = await bench.open(slow());
    await acknowledge(bench.world, ack(id, MIKE));
    bench.pager.set('none');
    await bench.pass(5 * MINUTE, 10 * SECOND);
    expect(bench.pager.triggers).toHaveLength(0);
    expect((await pagesOf(bench.store, id)).map(({ state }) => state)).toEqual(['void']);
  });

  it('is a message of its own in the chat, with what to do', async () => {
    const bench = await incidentsBench();
    await bench.open();
    const messages = await direct(bench);
    expect(messages.map(({ person }) => person).sort()).toEqual([ALEX, JOHN]);
    expect(messages[0]?.card.push).toBe(
      'SEV-1 us-east-1 database has no primary since 08:02 UTC, drivers cannot save logs (INC-1)',
    );
  });

  it('of a test reaches one person by every way, and nobody twice', async () => {
    const bench = await incidentsBench();
    await sendTestPage(bench.world, { to: JOHN, intake: 'test-1' });
    await sendTestPage(bench.world, { to: JOHN, intake: 'test-1' });
    await deliverPages(bench.world);
    await deliverPages(bench.world);
    expect(bench.pager.rings.map(({ user }) => user)).toEqual(['PJSMITH1']);
    expect([...bench.sms.delivered.values()].map(({ text }) => text)).toEqual([
      'TEST page from Holdfast for John Smith. Nothing is wrong.',
    ]);
    expect(bench.voice.delivered.size).toBe(1);
  });

  it('of a crowd is told of in one call and follows as the pager has room', async () => {
    const bench = await incidentsBench();
    for (let each = 0; each < 70; each += 1) {
      await openIncident(bench.world, { kind: 'found', cause: slow({ key: `thing-${each}` }) });
    }
    await bench.beat();
    expect(bench.pager.triggers).toHaveLength(20);
    expect(bench.pager.triggers[0]?.call.summary).toContain('and 50 more');
    await bench.pass(10 * SECOND, SECOND);
    expect(bench.pager.triggers).toHaveLength(60);
    await bench.pass(60 * SECOND, SECOND);
    expect(new Set(bench.pager.triggers.map(({ call }) => call.key)).size).toBe(70);
    expect(bench.pager.triggers.filter(({ call }) => call.summary.includes('more')).length).toBeLessThan(3);
  });
});

describe('without a control store', () => {
  it('pages whoever is on duty under one key, and by the gateways when the pager is silent too', async () => {
    const bench = await incidentsBench();
    const what = {
      key: 'control-store',
      title: "Holdfast's control store does not answer",
      effect: ['No run can start.'],
      since: bench.clock.now(),
    };
    const gone = () => Promise.reject(new Error('gone'));
    const duty = { ...bench.world.duty, onDuty: gone, ladders: gone };
    const world = { ...bench.world, duty };
    expect(await pageBlind(world, what)).toEqual({ pager: 'accepted', notices: 0 });
    expect(await pageBlind(world, what)).toEqual({ pager: 'accepted', notices: 0 });
    expect(bench.pager.keys()).toEqual(['holdfast/control-store/2026-11-23']);
    expect(bench.pager.rings).toHaveLength(2);
    bench.pager.set('silent');
    expect(await pageBlind(world, what)).toEqual({ pager: 'refused', notices: 4 });
  });
});
