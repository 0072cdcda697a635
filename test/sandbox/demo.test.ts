import { expect, test } from 'vitest';
import { clockOf, createStory, exitCodeOf } from '../../sandbox/demo/claims.ts';

function story() {
  const lines: string[] = [];
  return {
    lines,
    story: createStory(
      (line) => lines.push(line),
      () => 192_400,
    ),
  };
}

test('a claim that holds is told with what was found', async () => {
  const { lines, story: told } = story();
  await told.claim('exactly one primary', async () => ({ holds: true, found: 'west-1' }));
  expect(lines).toEqual(['  OK    exactly one primary: west-1']);
  expect(exitCodeOf(told.counts(), 1)).toBe(0);
});

test('a claim that does not hold says FAIL with what was found, and the exit code is 1', async () => {
  const { lines, story: told } = story();
  await told.claim('no acknowledged write lost', async () => ({ holds: true, found: '0 lost' }));
  await told.claim('exactly one primary', async () => ({ holds: false, found: 'east-1 and west-1' }));
  expect(lines.at(-1)).toBe('  FAIL  exactly one primary: found east-1 and west-1');
  expect(exitCodeOf(told.counts(), 2)).toBe(1);
});

test('a check that throws is a failed claim, never an OK', async () => {
  const { lines, story: told } = story();
  await told.claim('counts are equal', async () => {
    throw new Error('no primary');
  });
  expect(lines).toEqual(['  FAIL  counts are equal: could not be checked: no primary']);
  expect(told.counts()).toEqual({ made: 1, checked: 0, failed: 1 });
  expect(exitCodeOf(told.counts(), 1)).toBe(1);
});

test('a story that ends early is no success, even if all of it held', async () => {
  const { story: told } = story();
  await told.claim('a first claim', async () => ({ holds: true, found: 'it' }));
  expect(exitCodeOf(told.counts(), 22)).toBe(1);
});

test('times are told since the start', () => {
  const { lines, story: told } = story();
  told.tell('done');
  expect(lines).toEqual(['  3:12  done']);
  expect(clockOf(59_999)).toBe('0:59');
});
