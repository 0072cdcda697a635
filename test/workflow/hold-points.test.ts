import { expect, test } from 'vitest';
import { DrError } from '#core';
import { failbackWorkflow, failoverWorkflow, rebuildWorkflow, unplannedWorkflow } from '#failover';
import { changeRecord } from '#ports';
import { demandGoOn, demandHold, demandHoldAt, demandStop, holdPointNamed } from '#workflow';
import { john, permanent, R1, springBench, springWorkflow } from './spring.ts';

const at = (step: string) => ({ ...john, step });

const MOVE = {
  facts: {
    from: 'us-east-1',
    to: 'us-west-2',
    replicasBefore: [{ region: 'us-west-2', replicas: 2 }],
    replicasAfter: [{ region: 'us-west-2', replicas: 3 }],
    trafficPercent: [5, 100],
    replicas: 3,
  },
};

test('a run holds by itself before the step that was named, says since when, and goes on when it is told to', async () => {
  const bench = await springBench();
  await demandHoldAt(bench.journal, R1, at('scale'));
  const before = Date.now();
  expect(await bench.run()).toBe('held');
  expect(bench.world.effects).toEqual(['on fence', 'on promote']);
  const held = await bench.record();
  expect(held).toMatchObject({ state: 'held', due: false, holdAt: [], hold: { by: 'john-smith', point: 'scale' } });
  expect(held?.hold?.at.getTime()).toBeGreaterThanOrEqual(before);
  expect(bench.events.find(({ kind }) => kind === 'held')).toMatchObject({ after: 'promote' });
  await demandGoOn(bench.journal, R1);
  expect(await bench.run()).toBe('done');
});

test('a worker that dies between coming to a hold point and telling of it leaves it held, told once', async () => {
  const bench = await springBench();
  await demandHoldAt(bench.journal, R1, at('scale'));
  const dies = async (event: { kind: string }) => {
    if (event.kind === 'held') throw new DrError('STORE_UNAVAILABLE', 'transient', 'No answer.');
  };
  await expect(bench.run(R1, { tell: dies })).rejects.toThrow('No answer');
  expect(await bench.run()).toBe('held');
  expect(await bench.run()).toBe('held');
  expect(bench.told().filter((kind) => kind === 'held')).toHaveLength(1);
  expect(bench.world.effects).toEqual(['on fence', 'on promote']);
});

test('held by hand right before a hold point, one word to go on takes it past both; a later one still holds', async () => {
  const bench = await springBench();
  await demandHoldAt(bench.journal, R1, at('promote'));
  await demandHoldAt(bench.journal, R1, at('tell'));
  bench.world.interfere = async (what) => {
    if (what === 'before fence') await demandHold(bench.journal, R1, john);
  };
  expect(await bench.run()).toBe('held');
  await demandGoOn(bench.journal, R1);
  expect(await bench.run()).toBe('held');
  expect((await bench.record())?.hold).toMatchObject({ point: 'tell' });
});

test('a step that failed at its hold point is tried again without another hold', async () => {
  const bench = await springBench();
  await demandHoldAt(bench.journal, R1, at('scale'));
  await bench.run();
  bench.world.interfere = (what) => {
    if (what === 'before scale') throw permanent;
  };
  await demandGoOn(bench.journal, R1);
  expect(await bench.run()).toBe('failed');
  await changeRecord(bench.journal, R1, (run) => ({ ...run, holdAt: [at('scale')] }));
  bench.world.interfere = () => undefined;
  await demandGoOn(bench.journal, R1);
  expect(await bench.run()).toBe('done');
});

test('at a hold point a run can be stopped and put back', async () => {
  const bench = await springBench();
  await demandHoldAt(bench.journal, R1, at('scale'));
  await bench.run();
  await demandStop(bench.journal, R1, john);
  expect(await bench.run()).toBe('stopped');
  expect(bench.world.on.size).toBe(0);
});

test('a step that a run has come to, or done, is too late a hold point', async () => {
  const bench = await springBench();
  bench.world.interfere = async (what) => {
    if (what !== 'before promote') return;
    await expect(demandHoldAt(bench.journal, R1, at('fence'))).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(demandHoldAt(bench.journal, R1, at('promote'))).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await demandHoldAt(bench.journal, R1, at('scale'));
  };
  expect(await bench.run()).toBe('held');
  await expect(demandHoldAt(bench.journal, R1, at('scale'))).rejects.toThrow('has come to scale already');
});

test.each([
  ['5', 'scale-services'],
  ['scale-services', 'scale-services'],
  ['Scale Services', 'scale-services'],
  ['dns', 'point-dns'],
  ['point DNS at us-west-2', 'point-dns'],
  ['real writes', 'verify'],
])('"%s" means the step %s of a planned failover', (typed, step) => {
  expect(holdPointNamed(typed, failoverWorkflow, MOVE).name).toBe(step);
});

test.each([
  ['scal-services', 'No step is called "scal-services". Did you mean scale-services? Nothing was changed.'],
  ['lunch', 'No step is called "lunch". Nothing was changed.'],
  ['9', 'No step is called "9". Nothing was changed.'],
  ['writes', '"writes" may be stop-writes or verify. Nothing was changed.'],
  [
    'promote',
    'It can not hold before step 3, promote: writes are paused there. The nearest safe ones: before stop-writes, or before point-dns. Nothing was changed.',
  ],
  [
    'validate-target',
    'It can not hold before step 1, validate-target: nothing has begun there; ask when it may start. The nearest safe ones: before stop-writes. Nothing was changed.',
  ],
])('"%s" is refused as a hold point, with what can be named', (typed, message) => {
  const refused = (): unknown => {
    try {
      return holdPointNamed(typed, failoverWorkflow, MOVE);
    } catch (error) {
      return error;
    }
  };
  expect(refused()).toMatchObject({
    message,
    kind: 'user',
    hint: '--hold-at one of: 2 stop-writes, 4 point-dns, 5 scale-services, 6 switch-configuration, 7 verify, 8 tell-stakeholders',
  });
});

test('an unplanned failover never waits between the fence and the first accepted write', () => {
  for (const step of ['promote', 'recover-tail', 'open-writes']) {
    expect(() => holdPointNamed(step, unplannedWorkflow, MOVE)).toThrow('no region takes writes there');
  }
  expect(holdPointNamed('divert-dns', unplannedWorkflow, MOVE).position).toBe(5);
  expect(holdPointNamed('shift-traffic', failbackWorkflow, MOVE).position).toBe(3);
  expect(rebuildWorkflow.holdPoints?.['prove']).toBe('safe');
});

test('a workflow that names no hold points has none', () => {
  expect(() => holdPointNamed('scale', springWorkflow, {})).toThrow('A spring has no hold points.');
});
