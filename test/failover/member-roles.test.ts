import { expect, test } from 'vitest';
import type { Member, ReplicaSetView } from '#ports';
import { candidateIn } from '../../src/failover/member-roles.ts';
import { EAST } from './settings.ts';

const NEWEST = new Date('2026-11-23T14:00:00Z').getTime();

const member = (host: string, behindMs: number, state: Member['state'] = 'secondary'): Member => ({
  host,
  region: EAST,
  state,
  votes: 1,
  priority: 1,
  writable: false,
  applied: undefined,
  appliedAt: new Date(NEWEST - behindMs),
  seesPrimary: undefined,
  blocked: false,
});

const chosen = (members: readonly Member[], approved?: string) =>
  candidateIn({ members } as ReplicaSetView, EAST, approved)?.host;

test('of members that are about level, the first in the configuration takes over', () => {
  expect(chosen([member('one', 4_000), member('two', 0)])).toBe('one');
});

test('a member that is far behind does not take over while another is not', () => {
  expect(chosen([member('one', 60_000), member('two', 0)])).toBe('two');
});

test('the approved member stays the choice when an earlier one has caught up meanwhile', () => {
  expect(chosen([member('one', 0), member('two', 0)], 'two')).toBe('two');
});

test('the approved member is not kept once it is behind, silent or away', () => {
  expect(chosen([member('one', 0), member('two', 60_000)], 'two')).toBe('one');
  expect(chosen([member('one', 0), member('two', 0, 'unreachable')], 'two')).toBe('one');
  expect(chosen([member('one', 0)], 'two')).toBe('one');
});
