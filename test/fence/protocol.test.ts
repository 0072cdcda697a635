import { describe, expect, it } from 'vitest';
import { HOLDFAST, type Protocol, START, type State, steps } from './protocol-model.ts';
import { search } from './search.ts';

const tryAll = (change: Partial<Protocol> = {}, isBad = (state: State) => state.acknowledgedTooLate) => {
  const protocol = { ...HOLDFAST, ...change };
  return search(START, (state) => steps(state, protocol), isBad);
};

describe('the protocol of leases and fence, in every order of events', () => {
  it('acknowledges no write once the other region is open', () => {
    const { states, trace } = tryAll();
    expect(trace).toBeUndefined();
    // or nothing was tried
    expect(states).toBeGreaterThan(5_000);
  });

  it('does open the other region: after a wait, at once after a long silence, and by a worker that takes over', () => {
    const opened = (state: State): boolean => state.worker === 'has opened the other region';
    expect(tryAll({}, opened).trace).toEqual(['a tick', 'a tick', 'a tick', ...AT_ONCE]);
    expect(tryAll({}, (state) => opened(state) && state.waited > 0).trace).toContain('the worker begins to wait');
    expect(tryAll({}, (state) => opened(state) && state.writing).trace).toContain('it looks at its lease and writes');
  });

  it('needs no margin where clocks tick alike', () => {
    expect(tryAll({ margin: 0, drift: 0 }).trace).toBeUndefined();
  });

  const PLANTED: [string, Partial<Protocol>, string][] = [
    [
      'counts from the answer instead of from before the asking',
      { countsFrom: 'answer' },
      'it hears that it is granted',
    ],
    ['leaves no margin for clocks that drift', { margin: 0 }, 'a tick that its clock misses'],
    ['takes a close for done that one member has', { closesBy: 'one member' }, 'the other member is elected'],
    [
      'acknowledges without a second look',
      { looksAgainBeforeAcknowledging: false },
      'it looks at its lease and writes',
    ],
    ['goes on after a crash without waiting', { waitsAfterACrash: false }, 'the worker crashes, and another goes on'],
    [
      'closes on a condition that overlooks a renewal',
      { conditionalCloseLooksAtRenewals: false },
      'the worker closes if nobody renewed',
    ],
  ];

  it.each(PLANTED)('finds a write that is acknowledged too late when somebody %s', (_, change, how) => {
    const { trace } = tryAll(change);
    expect(trace?.at(-1)).toBe('it acknowledges the write');
    expect(trace).toContain('the worker opens the other region');
    expect(trace).toContain(how);
  });
});

const AT_ONCE = [
  'the worker closes if nobody renewed',
  'a majority has what the primary has',
  'the worker opens the other region',
];
