import { describe, expect, it } from 'vitest';
import { RequestId } from '#core';
import { flowBench, USERS } from '../flow-bench.ts';
import { EAST, incidentBench, MINUTE, WEST } from './incident-bench.ts';

const R1 = RequestId.parse('R-1');

describe('a breach', () => {
  it('has the failover asked for at once, once, by Holdfast, with its card and its approvers called', async () => {
    const { round, finding, only, requests, flow, words, thread, kinds } = incidentBench();
    for (let times = 0; times < 5; times += 1) await round(finding({ breach: true }));
    expect(await requests()).toEqual([R1]);
    const request = (await flow.requests.get(R1))?.value;
    expect(request).toMatchObject({
      state: 'waiting',
      via: 'incident',
      incident: 'INC-1',
      line: expect.stringContaining('failover us-west-2'),
    });
    expect(await kinds(R1)).toEqual(['asked', 'previewed']);
    const { id, proposals } = await only();
    expect(proposals).toEqual([R1]);
    expect(await words(id)).toContain(
      'Proposed: planned failover us-east-1 -> us-west-2, R-1, waiting for Incident Commander or Technical Lead, and Database Admin',
    );
    expect((await thread(id)).join('\n')).not.toContain('No failover is proposed');
  });

  it('asks for nothing below the failover thresholds, for what is not critical, or where the plan says manual', async () => {
    const { round, finding, requests, flow } = incidentBench();
    await round(finding({ breach: false }), finding({ key: 'external/us-east-1', breach: true, critical: false }));
    expect(await requests()).toEqual([]);
    const { detection } = flow.plan;
    Object.assign(flow, {
      plan: { ...flow.plan, detection: { ...detection, onBreach: { ...detection.onBreach, failover: 'manual' } } },
    });
    await round(finding({ breach: true }));
    expect(await requests()).toEqual([]);
  });

  it('in a region that nobody is sent to asks for nothing', async () => {
    const { round, finding, requests, serve } = incidentBench();
    serve([WEST]);
    await round(finding({ breach: true, region: EAST }));
    expect(await requests()).toEqual([]);
  });

  it('tells why not, once, when the preview refuses, and asks as soon as it does not', async () => {
    const {
      round,
      finding,
      requests,
      world: { flow },
      only,
      thread,
    } = incidentBench();
    flow.world.ready = false;
    for (let times = 0; times < 3; times += 1) await round(finding({ breach: true }));
    const { id } = await only();
    const said = (await thread(id)).filter((line) => line.includes('No failover is proposed'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('us-west-2 is not ready.');
    expect(await requests()).toEqual([]);
    flow.world.ready = true;
    await round(finding({ breach: true }));
    expect(await requests()).toHaveLength(1);
  });

  it('asks for nothing soon after a move, and does again later', async () => {
    const { round, finding, requests, say, approved, work, clock, only, thread, serve } = incidentBench();
    await say(USERS.mike, 'failover us-west-2 --reason "east storage is slow"');
    await approved(R1);
    await work();
    serve([WEST]);
    const west = finding({ breach: true, region: WEST, key: 'database_connectivity/us-west-2' });
    await round(west);
    expect(await requests()).toEqual([R1]);
    expect((await thread((await only()).id)).join('\n')).toMatch(
      /No failover is proposed: R-1 moved the system less than 60 min ago\. Next: look first/,
    );
    clock.advance(61 * MINUTE);
    await round(west);
    expect(await requests()).toHaveLength(2);
  });

  it('does not ask again when the request was denied; whoever presses [Ask again] has it asked for the incident', async () => {
    const { round, finding, requests, click, fill, flow, only } = incidentBench();
    await round(finding({ breach: true }));
    const hash = (await flow.requests.get(R1))?.value.preview?.hash ?? '';
    await fill(USERS.john, 'deny', `R-1 ${hash.slice(0, 16)}`, { reason: 'maintenance ends soon' });
    await round(finding({ breach: true }));
    expect(await requests()).toHaveLength(1);
    await click(USERS.mike, 'ask-again', R1);
    const [again] = (await requests()).filter((id) => id !== R1);
    expect((await flow.requests.get(again ?? ''))?.value).toMatchObject({ state: 'waiting', incident: 'INC-1' });
    expect((await only()).proposals).toEqual([R1, again]);
  });

  it('is approved by two people like any other, and resolves after the run when all is well, with its times', async () => {
    const { round, finding, approved, work, serve, clock, duties, open, words, world } = incidentBench();
    await round(finding({ breach: true }));
    await approved(R1);
    await work();
    expect(world.flow.world.region).toBe('us-west-2');
    serve([WEST]);
    await round(finding({ breach: true }));
    clock.advance(60 * MINUTE);
    await duties();
    const left = await open();
    expect(left.map(({ severity }) => severity)).toEqual(['sev-2']);
    const text = await words('INC-1');
    expect(text).toMatch(/^RESOLVED - .* {3}INC-1, Sev-1, /);
    expect(text).toMatch(/approved in .*, moved in /);
    expect(text).toContain('Left to do: plan update.');
  });

  it('is had by whoever approves it: nobody is called about what they are on; who is not called for it takes nothing over', async () => {
    const { round, finding, approved, duties, only, thread } = incidentBench();
    await round(finding({ breach: true }));
    await duties();
    expect((await only()).legs.map(({ hold }) => hold?.by)).toEqual([undefined, undefined]);
    await approved(R1);
    const { id, legs, acknowledgements } = await only();
    expect(legs.every(({ hold }) => hold?.via === 'approval')).toBe(true);
    expect(acknowledgements.map(({ by, via }) => `${by} ${via}`)).toEqual([
      'john-smith approval',
      'alex-chen approval',
    ]);
    expect((await thread(id)).join('\n')).toContain('John Smith acknowledged by approving as Incident Commander.');
  });

  it('does not resolve itself while its run is not over', async () => {
    const { round, finding, approved, clock, duties, only } = incidentBench();
    await round(finding({ breach: true }));
    await approved(R1);
    await round(finding({ state: 'well' }));
    clock.advance(60 * MINUTE);
    await duties();
    expect((await only()).id).toBe('INC-1');
  });

  it('gives nobody the right to ask who has none: the same line by a guest is refused', async () => {
    const bench = flowBench();
    const said = await bench.say(USERS.guest, 'failover us-west-2 --reason "INC-1: I said so"');
    expect(said).toContain('not yours to ask');
  });
});

describe('the card of a proposal', () => {
  it('says who proposes it, for which incident, and what waiting costs', async () => {
    const { round, finding, flow } = incidentBench();
    await round(finding({ breach: true }));
    const { requestCard, viewOf } = await import('#flows');
    const { wordsOf } = await import('../../support/words-of.ts');
    const view = await viewOf(R1, flow);
    const text = view ? wordsOf(requestCard(view)) : '';
    expect(text).toContain('Proposed by Holdfast for INC-1: "INC-1: us-east-1 database has no primary"');
    expect(text).toMatch(
      /What waiting costs\nDrivers cannot save logs since .*\.\nFailover target \(15 min\) is missed at /,
    );
  });
});
