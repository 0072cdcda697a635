import { expect, test } from 'vitest';
import { factLines, limitLine } from '../../src/flows/cards/fact-lines.ts';

test('facts read as words: one line for a value, one a thing for a list of things', () => {
  expect(factLines('primaryBefore', 'a:27017')).toEqual(['primary before: a:27017']);
  expect(factLines('steps', ['sync', 'promote'])).toEqual(['steps: sync, promote']);
  expect(factLines('trafficPercent', [])).toEqual(['traffic percent: none']);
  expect(
    factLines('membersAfter', [
      { host: 'a:27017', votes: 0 },
      { host: 'b:27017', votes: 1 },
    ]),
  ).toEqual(['members after:', '- host a:27017, votes 0', '- host b:27017, votes 1']);
  expect(factLines('configurationAfter', { 'active-region': 'us-west-2' })).toEqual([
    'configuration after: active-region us-west-2',
  ]);
});

test('what is too long for Slack is cut, and shows it', () => {
  const [line = ''] = factLines('long', 'x'.repeat(5_000));
  expect(line.length).toBeLessThan(320);
  expect(line.endsWith('...')).toBe(true);
});

test('limits have their unit', () => {
  expect(limitLine('pauseMs', 10_000)).toBe('pause: 10 s');
  expect(limitLine('lossWrites', 0)).toBe('loss writes: 0');
});
