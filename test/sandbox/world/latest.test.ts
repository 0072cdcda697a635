import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { until } from '#sandbox/servers';
import { keepLatest } from '../../../sandbox/world/latest.ts';

let stopping = new AbortController();
afterEach(() => {
  stopping.abort();
  stopping = new AbortController();
});

const keep = (read: () => Promise<string>) => keepLatest(read, { everyMs: 5, withinMs: 30, signal: stopping.signal });

test('an answer that comes late counts when it comes, though it was missing until then', async () => {
  const latest = keep(async () => {
    await sleep(80);
    return 'primary';
  });
  await latest.first;
  expect(latest.value()).toBeUndefined();
  await until('the late answer counts', async () => latest.value() === 'primary', { everyMs: 2, withinMs: 1_000 });
});

test('what answered and hangs now is unknown after its deadline, and is asked again after a few of them', async () => {
  let asked = 0;
  const latest = keep(() => {
    asked += 1;
    return asked === 2 ? new Promise<string>(() => undefined) : Promise.resolve('secondary');
  });
  await until('it answers', async () => latest.value() === 'secondary', { everyMs: 1, withinMs: 1_000 });
  await until('it hangs', async () => latest.value() === undefined, { everyMs: 1, withinMs: 1_000 });
  await until('it is asked again', async () => latest.value() === 'secondary', { everyMs: 1, withinMs: 1_000 });
});

test('what was forgotten does not speak for the present when it comes at last', async () => {
  const hanging = Promise.withResolvers<string>();
  let asked = 0;
  const latest = keep(() => {
    asked += 1;
    return asked === 1 ? hanging.promise : Promise.resolve('secondary');
  });
  await until('it is asked again', async () => latest.value() === 'secondary', { everyMs: 2, withinMs: 1_000 });
  hanging.resolve('primary');
  await sleep(1);
  expect(latest.value()).toBe('secondary');
});
