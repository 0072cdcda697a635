import { describe, expect, it } from 'vitest';
import { acknowledge, confirmStillOnIt, nextCalls, passOn, readIncident, snooze } from '#incidents';
import {
  ALEX,
  DATABASE,
  DAVID,
  incidentsBench,
  JANE,
  type JOHN,
  LISA,
  MIKE,
  MINUTE,
  noPrimary,
  SARAH,
  slow,
} from './world.ts';

const ack = (id: string, by: typeof JOHN, more = {}) =>
  ({ incident: id, by, via: 'slack', intake: `${id}-${by}-${JSON.stringify(more)}`, ...more }) as never;

const called = async (bench: Awaited<ReturnType<typeof incidentsBench>>): Promise<string[]> =>
  bench.pager.rings.map(({ user, at }) => `${at.toISOString().slice(11, 16)} ${nameOf(bench, user)}`).toSorted();

const nameOf = (bench: Awaited<ReturnType<typeof incidentsBench>>, user: string): string =>
  Object.values(bench.plan.roster.people).find(({ pagerdutyUser }) => pagerdutyUser === user)?.name ?? user;

describe('who is called', () => {
  it('calls both roles of a Sev-1 at once, and nobody else', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    expect(await called(bench)).toEqual(['08:02 Alex Chen', '08:02 John Smith']);
    expect(bench.pager.openKeys()).toEqual([`${id}/sev-1`]);
    expect(bench.sms.delivered.size).toBe(0);
  });

  it('calls the backup after 15 minutes without an answer, and not a minute earlier', async () => {
    const bench = await incidentsBench();
    await bench.open();
    await bench.pass(14 * MINUTE);
    expect(await called(bench)).toHaveLength(2);
    await bench.pass(MINUTE);
    expect((await called(bench)).slice(2)).toEqual(['08:17 David Kim', '08:17 Jane Doe']);
    expect(await bench.entries()).toContain(
      'escalated: 15 min without an answer from John Smith. Paged jane-doe (backup Incident Commander).',
    );
  });

  it('goes on to the commander, to everyone, and round again until somebody has it', async () => {
    const bench = await incidentsBench();
    await bench.open(slow());
    await bench.pass(2 * 60 * MINUTE, 15 * MINUTE);
    await bench.pass(2 * 60 * MINUTE, 15 * MINUTE);
    expect(await called(bench)).toEqual(['08:02 Mike Johnson', '10:02 Sarah Wilson', '12:02 John Smith']);
    await bench.pass(2 * 60 * MINUTE, 15 * MINUTE);
    expect((await called(bench)).slice(3).length).toBe(7);
    await bench.pass(2 * 60 * MINUTE, 15 * MINUTE);
    expect((await called(bench)).slice(10)).toEqual(['16:02 Mike Johnson']);
    // under a key of its own: the pager does not call again whom it has called under the first
    expect(bench.pager.openKeys()).toEqual(['INC-1/sev-2', 'INC-1/sev-2/2']);
    await bench.sweep();
    expect(bench.pager.openKeys()).toEqual(['INC-1/sev-2/2']);
  });

  it('leaves out an empty step instead of waiting for it', async () => {
    const gone = { from: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' };
    const away = [MIKE, SARAH].map((person) => ({ person, ...gone }));
    const bench = await incidentsBench({ plan: (plan) => ({ ...plan, roster: { ...plan.roster, away } }) });
    await bench.open(slow());
    expect(await called(bench)).toEqual(['08:02 John Smith']);
  });

  it('is the next business day for a Sev-3, by Slack alone', async () => {
    const bench = await incidentsBench({ start: new Date('2026-11-27T20:00:00Z') });
    await bench.open(slow({ severity: 'sev-3' }));
    expect(bench.pager.triggers).toHaveLength(0);
    const [next] = await nextCalls(bench.world, (await readIncident(bench.store, 'INC-1' as never)) as never);
    expect(next).toMatchObject({ people: [SARAH], at: new Date('2026-11-30T14:00:00Z') });
  });

  it('asks the security lead where somebody may be doing it', async () => {
    const bench = await incidentsBench();
    await bench.open(slow({ hostile: true }));
    expect(await called(bench)).toEqual(['08:02 Lisa Brown', '08:02 Mike Johnson']);
    expect(LISA).toBe('lisa-brown');
  });
});

describe('who has it', () => {
  it('stops the role of whoever acknowledges a Sev-1, and calls on for the other', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    const answer = await acknowledge(bench.world, ack(id, ALEX));
    expect(answer).toMatchObject({ counts: true, roles: [DATABASE] });
    expect(answer.stillCalling.map(({ role }) => role)).toEqual(['incident-commander']);
    await bench.pass(15 * MINUTE);
    expect((await called(bench)).slice(2)).toEqual(['08:17 Jane Doe']);
  });

  it('records somebody who is not on duty for it and calls on', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    const answer = await acknowledge(bench.world, ack(id, LISA));
    expect(answer).toMatchObject({ counts: false, changed: true, roles: [] });
    await bench.pass(15 * MINUTE);
    expect(await called(bench)).toHaveLength(4);
    expect(await bench.entries()).toContain(
      'acknowledged: Lisa Brown acknowledged, but is not on duty for this. Calling goes on.',
    );
  });

  it('counts the backup who was not called yet', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    expect(await acknowledge(bench.world, ack(id, DAVID))).toMatchObject({ counts: true, roles: [DATABASE] });
  });

  it('asks again and calls again when nobody confirms, somebody else first, and says so', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, ack(id, MIKE));
    await bench.pass(60 * MINUTE);
    expect((await readIncident(bench.store, id))?.legs[0]?.hold?.confirmBy).toEqual(new Date('2026-11-23T09:17:10Z'));
    await bench.pass(15 * MINUTE);
    expect(await called(bench)).toEqual(['08:02 Mike Johnson', '09:17 Sarah Wilson']);
    expect(await bench.entries()).toContain(
      'escalated: mike-johnson did not say within 15 min whether they are still on it. Calling for Technical Lead begins again.',
    );
    // what was acknowledged before does not silence it, however late it is told
    const late = { via: 'pagerduty', at: new Date('2026-11-23T08:10:00Z'), intake: 'late' };
    expect(await acknowledge(bench.world, ack(id, MIKE, late))).toMatchObject({ counts: false });
  });

  it('leaves whoever confirms alone until the next time', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, ack(id, MIKE));
    await bench.pass(61 * MINUTE);
    await confirmStillOnIt(bench.world, { incident: id, by: MIKE, intake: 'still' });
    await bench.pass(59 * MINUTE);
    expect(await called(bench)).toHaveLength(1);
    expect((await readIncident(bench.store, id))?.legs[0]?.hold?.confirmBy).toBeUndefined();
  });

  it('calls the next at once when somebody passes it on', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, ack(id, MIKE));
    await passOn(bench.world, { incident: id, by: MIKE, intake: 'pass' });
    await bench.beat();
    expect(await called(bench)).toEqual(['08:02 Mike Johnson', '08:02 Sarah Wilson']);
    await expect(passOn(bench.world, { incident: id, by: JANE, intake: 'pass-2' })).rejects.toMatchObject({
      code: 'WRONG_STATE',
      hint: `/dr incident show ${id}`,
    });
  });

  it('does not ask before a snooze is over, and refuses one of a day', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, ack(id, MIKE));
    const until = new Date(bench.clock.now().getTime() + 4 * 60 * MINUTE);
    await snooze(bench.world, { incident: id, by: MIKE, until, intake: 'snooze' });
    await bench.pass(3 * 60 * MINUTE, 15 * MINUTE);
    expect((await readIncident(bench.store, id))?.legs[0]?.hold?.confirmBy).toBeUndefined();
    const far = new Date(bench.clock.now().getTime() + 24 * 60 * MINUTE);
    await expect(snooze(bench.world, { incident: id, by: MIKE, until: far, intake: 'far' })).rejects.toMatchObject({
      code: 'TIME_INVALID',
    });
  });

  it('answers the same key twice with the same and does it once', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await acknowledge(bench.world, ack(id, ALEX));
    const again = await acknowledge(bench.world, ack(id, ALEX));
    expect(again).toMatchObject({ changed: false, counts: true, roles: [DATABASE] });
    expect((await bench.entries()).filter((line) => line.startsWith('acknowledged'))).toHaveLength(1);
  });
});

describe('after a day without anybody looking', () => {
  it('does what is overdue once, and counts the next from now', async () => {
    const bench = await incidentsBench();
    await bench.open(noPrimary());
    bench.clock.advance(24 * 60 * MINUTE);
    await bench.beat();
    await bench.beat();
    expect((await called(bench)).length).toBe(4);
    await bench.pass(14 * MINUTE);
    expect((await called(bench)).length).toBe(4);
    // the commander's own ladder has all left, the database admin's has the commander first
    await bench.pass(MINUTE);
    expect((await called(bench)).length).toBe(10);
  });
});
