import { expect, test } from 'vitest';
import { Preview } from '#chatops';
import { driftBetween } from '../../src/flows/drift.ts';

const approved = Preview.parse({
  title: 'planned failover us-east-1 -> us-west-2',
  job: 'failover',
  payload: {},
  facts: { primaryBefore: 'east-1', steps: ['fence', 'promote'] },
  limits: { expectedPauseMs: 10_000 },
  live: { expectedPauseMs: 1_600, lagMs: 0, servicesReady: 2 },
  sections: [],
  details: [],
  effect: '',
  smallPrint: [],
});

test('figures that move within their limit, or have none, void nothing', () => {
  const live = { expectedPauseMs: 9_900, lagMs: 5_000, servicesReady: 3 };
  expect(driftBetween(approved, { ...approved, live })).toEqual([]);
});

test('a figure beyond its approved limit voids, and says from what to what', () => {
  const live = { ...approved.live, expectedPauseMs: 52_000 };
  expect(driftBetween(approved, { ...approved, live })).toEqual([
    { what: 'expected pause', before: '1.6 s', after: '52 s', over: true },
  ]);
});

test('a limit that would be set otherwise today voids nothing: people approved the one they saw', () => {
  expect(driftBetween(approved, { ...approved, limits: { expectedPauseMs: 1_000 } })).toEqual([]);
});

test('any fact that changed, came or went voids', () => {
  const facts = { primaryBefore: 'east-2', plan: 'new' };
  expect(driftBetween(approved, { ...approved, facts })).toEqual([
    { what: 'plan', before: 'nothing', after: 'new', over: false },
    { what: 'primary before', before: 'east-1', after: 'east-2', over: false },
    { what: 'steps', before: 'fence, promote', after: 'nothing', over: false },
  ]);
});

test('what is no figure is said as people write it, short enough for a phone', () => {
  const weights = (east: number) => [
    { region: 'us-east-1', weight: east },
    { region: 'us-west-2', weight: 100 - east },
  ];
  const was = {
    ...approved,
    facts: { weights: weights(0), configuration: { 'active-region': 'us-east-1' }, hosts: ['a'] },
  };
  const is = { ...approved, facts: { weights: weights(100), configuration: {}, hosts: ['b'.repeat(200)] } };
  expect(driftBetween(was, is).map(({ what, before, after }) => [what, before, after])).toEqual([
    ['configuration', 'active-region us-east-1', 'nothing'],
    ['hosts', 'a', `${'b'.repeat(77)}...`],
    ['weights', 'us-east-1 0, us-west-2 100', 'us-east-1 100, us-west-2 0'],
  ]);
});
