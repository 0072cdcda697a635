import { describe, expect, it } from 'vitest';
import { acknowledge, addCause, changeSeverity, onPagerEvent, readIncident, resolve } from '#incidents';
import { ALEX, COMMANDER, DATABASE, incidentsBench, JOHN, MIKE, MINUTE, noPrimary, START, slow } from './world.ts';

const mike = 'PMJOHNSN';
const event = (change: object) =>
  ({ id: 'D-1', type: 'acknowledged', key: 'INC-1/sev-2', user: mike, occurredAt: new Date(), ...change }) as never;
const ack = (incident: string, by: typeof JOHN) =>
  ({ incident, by, via: 'slack', intake: `${incident}-${by}` }) as never;

describe('the pager and us', () => {
  it('takes an acknowledgement there as one here, by webhook or by the sweep, once', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    bench.pager.acknowledgeAs('INC-1/sev-2', mike);
    expect(await onPagerEvent(bench.world, event({ occurredAt: bench.clock.now() }))).toEqual({ how: 'taken' });
    expect(await onPagerEvent(bench.world, event({ occurredAt: bench.clock.now() }))).toEqual({ how: 'known' });
    await bench.sweep();
    const incident = await readIncident(bench.store, id);
    expect(incident?.legs[0]?.hold).toMatchObject({ by: MIKE, via: 'pagerduty' });
    expect(incident?.acknowledgements).toHaveLength(1);
    expect(await bench.entries()).toContain(
      'acknowledged: Mike Johnson acknowledged in PagerDuty as Technical Lead. Calling stops.',
    );
  });

  it('records an acknowledgement of somebody it does not know and calls on', async () => {
    const bench = await incidentsBench();
    await bench.open(slow());
    bench.pager.acknowledgeAs('INC-1/sev-2', 'PSTRANGE');
    await bench.sweep();
    await bench.sweep();
    await bench.pass(120 * MINUTE, 15 * MINUTE);
    expect(bench.pager.rings.map(({ user }) => user)).toEqual([mike, 'PSWILSON']);
    expect((await bench.entries()).filter((line) => line.startsWith('acknowledged'))).toEqual([
      'acknowledged: PSTRANGE in PagerDuty acknowledged in PagerDuty, but is not on duty for this. Calling goes on.',
    ]);
  });

  it('acknowledges there when everybody who is called has it, and resolves there at the end', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await acknowledge(bench.world, ack(id, ALEX));
    await bench.sweep();
    expect(bench.pager.state(`${id}/sev-1`)).toBe('triggered');
    await acknowledge(bench.world, ack(id, JOHN));
    await bench.sweep();
    expect(bench.pager.state(`${id}/sev-1`)).toBe('acknowledged');
    await resolve(bench.world, { incident: id, by: JOHN, intake: 'end', why: 'done' });
    bench.pager.set('silent');
    await bench.sweep();
    bench.pager.set('none');
    await bench.sweep();
    expect(bench.pager.openKeys()).toEqual([]);
  });

  it('is over here when somebody of the roster resolves it there, or anybody after somebody had it', async () => {
    const bench = await incidentsBench();
    const first = await bench.open(slow());
    bench.pager.resolveThere('INC-1/sev-2');
    await onPagerEvent(bench.world, event({ type: 'resolved', occurredAt: bench.clock.now() }));
    expect(await readIncident(bench.store, first)).toMatchObject({ state: 'resolved', ending: { by: MIKE } });
    const second = await bench.open(slow({ key: 'other' }));
    await acknowledge(bench.world, ack(second, MIKE));
    bench.pager.resolveThere('INC-2/sev-2');
    await bench.sweep();
    expect((await readIncident(bench.store, second))?.state).toBe('resolved');
  });

  it('stays open and calls under another key when a stranger resolves it there before anybody has it', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    bench.pager.resolveThere('INC-1/sev-2');
    await bench.sweep();
    await bench.sweep();
    expect((await readIncident(bench.store, id))?.state).toBe('open');
    await bench.pass(120 * MINUTE, 15 * MINUTE);
    expect(bench.pager.rings.at(-1)).toMatchObject({ key: 'INC-1/sev-2/2', user: 'PSWILSON' });
  });

  it('does not let an old, a foreign or a repeated event silence anybody', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await changeSeverity(bench.world, { incident: id, by: JOHN, intake: 'raise', to: 'sev-1' });
    await bench.beat();
    const at = bench.clock.now();
    expect(await onPagerEvent(bench.world, event({ id: 'D-2', occurredAt: at }))).toEqual({ how: 'stale' });
    expect(await onPagerEvent(bench.world, event({ id: 'D-3', key: 'else', occurredAt: at }))).toEqual({
      how: 'not-ours',
    });
    expect(await onPagerEvent(bench.world, event({ id: 'D-4', key: 'INC-9/sev-1', occurredAt: at }))).toEqual({
      how: 'stale',
    });
    expect((await readIncident(bench.store, id))?.legs.every(({ hold }) => !hold)).toBe(true);
  });

  it('acknowledges again there when the acknowledgement ran out there', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, ack(id, MIKE));
    await bench.sweep();
    expect(bench.pager.state('INC-1/sev-2')).toBe('acknowledged');
    bench.pager.ranOut('INC-1/sev-2');
    await bench.sweep();
    expect(bench.pager.state('INC-1/sev-2')).toBe('acknowledged');
  });

  it('closes the key of the lower severity after a raise', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await changeSeverity(bench.world, { incident: id, by: JOHN, intake: 'raise', to: 'sev-1' });
    await bench.beat();
    await bench.sweep();
    expect(bench.pager.openKeys()).toEqual(['INC-1/sev-1']);
    expect(noPrimary().severity).toBe('sev-1');
  });

  it('does not call under a key that was closed there, also for a page that waited', async () => {
    const bench = await incidentsBench();
    bench.pager.set('silent');
    const id = await bench.open(slow());
    await changeSeverity(bench.world, { incident: id, by: JOHN, intake: 'lower', to: 'sev-3' });
    bench.pager.set('none');
    await bench.sweep();
    await bench.pass(3 * MINUTE, MINUTE);
    await bench.sweep();
    expect(bench.pager.openKeys()).toEqual([]);
    expect((await readIncident(bench.store, id))?.state).toBe('open');
  });

  it('does not count what somebody acknowledged for one role when they are called for another later', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await acknowledge(bench.world, ack(id, ALEX));
    bench.clock.advance(2 * MINUTE);
    bench.pager.acknowledgeAs('INC-1/sev-1', 'PALXCHEN');
    await bench.sweep();
    await bench.pass(40 * MINUTE);
    const commanders = async () => (await readIncident(bench.store, id))?.legs.find(({ role }) => role === COMMANDER);
    expect((await commanders())?.reached).toContain(ALEX);
    await bench.sweep();
    expect((await commanders())?.hold).toBeUndefined();
  });

  it('does not count what was acknowledged before a role was called at all', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    bench.clock.advance(MINUTE);
    await addCause(bench.world, { incident: id, cause: slow({ key: 'other', role: DATABASE }) });
    const early = { by: ALEX, via: 'pagerduty', at: START, intake: 'early' } as const;
    expect(await acknowledge(bench.world, { incident: id, ...early })).toMatchObject({ counts: false });
  });
});
