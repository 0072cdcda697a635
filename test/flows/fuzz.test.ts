import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommand } from '#chatops';
import { asDrError } from '#core';
import { flowBench, USERS } from './flow-bench.ts';

const words = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('failover', 'us-west-2', '--reason', '"', "'", '--', '--dry-run', '`', '\\', '=', '__proto__', 'R-1'),
);
const line = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(words, { maxLength: 8 }).map((list) => list.join(' ')),
);

test('no line makes the parser throw anything but an answer to its person', () => {
  const { flow } = flowBench();
  fc.assert(
    fc.property(line, (text) => {
      try {
        parseCommand(text, flow.commands);
      } catch (thrown) {
        expect(asDrError(thrown).kind).toBe('user');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('no line and no button, from anybody, has an effect in the world or breaks the record', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  let bugs = 0;
  bench.flow.logger.error = () => {
    bugs += 1;
  };
  await fc.assert(
    fc.asyncProperty(
      line,
      fc.constantFrom(USERS.guest, USERS.lisa, USERS.mike, 'U0NOBODY'),
      fc.constantFrom('approve', 'deny', 'stop', 'hold', 'go-on', 'record', 'why', 'details', 'nonsense'),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constant(`${id} ${'f'.repeat(16)}`), fc.constant(id)),
      async (text, user, button, value) => {
        await bench.say(user, text);
        await bench.click(user, button, id, { value });
      },
    ),
    { numRuns: 150 },
  );
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  expect(bugs).toBe(0);
  expect(await bench.whole()).toBe(true);
}, 60_000);
