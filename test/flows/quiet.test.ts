import { expect, test } from 'vitest';
import { askOnSchedule } from '#flows';
import { flowBench } from './flow-bench.ts';

const theOne = async (bench: ReturnType<typeof flowBench>) => {
  const [request, ...more] = await bench.flow.requests.find({ limit: 5 });
  if (!request || more.length > 0) throw new Error('one request was expected');
  return request.value.id;
};

test('what the calendar does every hour is in the record and not in the channel', async () => {
  const bench = flowBench();
  await askOnSchedule('tidy', 'tidy/1', bench.flow, { quiet: true });
  await bench.work();
  const id = await theOne(bench);
  expect(await bench.kinds(id)).toEqual(['asked', 'previewed', 'started', 'step', 'step', 'done']);
  expect((await bench.entries(id)).filter(({ inThread }) => inThread)).toEqual([]);
  expect(await bench.whole()).toBe(true);
});

test('when it goes wrong the channel hears of it', async () => {
  const bench = flowBench();
  await askOnSchedule('tidy', 'tidy/1', bench.flow, { quiet: true });
  // the step finds its work undone and can't do it
  bench.world.effects.push = () => {
    throw new Error('no room');
  };
  await bench.work();
  const told = (await bench.entries(await theOne(bench))).filter(({ inThread }) => inThread);
  expect(told.map(({ kind }) => kind)).toEqual(['failed', 'failed']);
});

test('what the calendar does once a day is in the channel from its first word', async () => {
  const bench = flowBench();
  await askOnSchedule('tidy', 'tidy/1', bench.flow);
  await bench.work();
  const entries = await bench.entries(await theOne(bench));
  expect(entries.every(({ inThread }) => inThread)).toBe(true);
});
