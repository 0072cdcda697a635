/**
 * The lease and fence protocol as a model small enough to try every order of events. Time goes in ticks. A region's lease lives
 * in a control store of two members; two instances of the service renew it; a worker closes it and opens the other region. The
 * invariant: once the other region is open, no write is acknowledged in this one.
 *
 * By symmetry only the first instance's writes are looked at; the second may renew at any moment, which changes the number that
 * the worker watches. Messages may be late, lost and doubled: a request or an answer lies there until somebody takes it, which
 * may be never, and a request that was taken may be taken again. An instance or a worker that pauses is one that does nothing
 * while time passes.
 */

/** How the protocol is done; each planted bug differs in one of them. */
export interface Protocol {
  readonly ttl: number;
  readonly margin: number;
  /** By how many ticks an instance's clock may fall behind while a lease lasts. */
  readonly drift: number;
  readonly countsFrom: 'asking' | 'answer';
  readonly closesBy: 'majority' | 'one member';
  readonly looksAgainBeforeAcknowledging: boolean;
  readonly waitsAfterACrash: boolean;
  readonly conditionalCloseLooksAtRenewals: boolean;
}

/** As it is built. */
export const HOLDFAST: Protocol = {
  ttl: 2,
  margin: 1,
  drift: 1,
  countsFrom: 'asking',
  closesBy: 'majority',
  looksAgainBeforeAcknowledging: true,
  waitsAfterACrash: true,
  conditionalCloseLooksAtRenewals: true,
};

const NONE = -1;

/** Everything that matters, as numbers, so that two states are equal when their texts are. */
export interface State {
  // the first instance
  /** How long ago it asked, by its own clock; NONE: nothing is asked. */
  askAge: number;
  /** Ticks that its clock has missed since. */
  askMissed: number;
  /** An answer that grants it lies on the way. */
  answer: boolean;
  /** The age of its lease, by its own clock; NONE: it has none. */
  leaseAge: number;
  leaseMissed: number;
  /** It has looked at its lease and its write is on the way into the database. */
  writing: boolean;
  // the control store: what its primary has, and what a majority has
  closedOnPrimary: boolean;
  closed: boolean;
  /** Whether renewals are there that the worker has not seen: on the primary, and by a majority. */
  newOnPrimary: boolean;
  newByMajority: boolean;
  /** The first instance's renewal is on the primary and no majority has it yet; the same for anybody else's. */
  granting: boolean;
  grantingOther: boolean;
  // the fencing worker
  worker: 'watches' | 'closes' | 'closes at once' | 'waits' | 'has opened the other region';
  /** For how long it has seen the same number of renewals; then, for how long it has waited. */
  silence: number;
  waited: number;
  /** The number of renewals in the answer to its close is the one that it had watched. */
  knowsNumber: boolean;
  // a violation, once it has happened
  acknowledgedTooLate: boolean;
}

export const START: State = {
  askAge: NONE,
  askMissed: 0,
  answer: false,
  leaseAge: NONE,
  leaseMissed: 0,
  writing: false,
  closedOnPrimary: false,
  closed: false,
  newOnPrimary: false,
  newByMajority: false,
  granting: false,
  grantingOther: false,
  worker: 'watches',
  silence: 0,
  waited: 0,
  knowsNumber: false,
  acknowledgedTooLate: false,
};

export type Step = readonly [name: string, next: State];

/** Everything that may happen next. */
export const steps = (state: State, protocol: Protocol): Step[] =>
  [
    ...instanceSteps(state, protocol),
    ...storeSteps(state),
    ...workerSteps(state, protocol),
    ...tick(state, protocol),
  ].map(([name, next]) => [name, withoutDead(next)]);

/** Puts to rest what nobody will ask for any more: states that differ in nothing else are one. */
function withoutDead(s: State): State {
  const isOver = s.worker === 'has opened the other region' || s.worker === 'waits';
  return isOver ? { ...s, silence: 0, knowsNumber: false, newByMajority: false, newOnPrimary: false } : s;
}

const mayWrite = ({ leaseAge }: State, { ttl }: Protocol): boolean => leaseAge !== NONE && leaseAge < ttl;

function* instanceSteps(s: State, p: Protocol): Generator<Step> {
  // asking again gives the last try up; its request may yet be taken, and nobody waits for the answer
  const grantingOther = s.grantingOther || s.granting;
  yield ['it asks', { ...s, askAge: 0, askMissed: 0, answer: false, granting: false, grantingOther }];
  if (s.answer) {
    const begins =
      p.countsFrom === 'asking' ? { leaseAge: s.askAge, leaseMissed: s.askMissed } : { leaseAge: 0, leaseMissed: 0 };
    yield ['it hears that it is granted', { ...s, ...begins, askAge: NONE, askMissed: 0, answer: false }];
  }
  if (!s.writing && mayWrite(s, p)) yield ['it looks at its lease and writes', { ...s, writing: true }];
  if (s.writing) {
    const acknowledges = mayWrite(s, p) || !p.looksAgainBeforeAcknowledging;
    if (!acknowledges) yield ['it refuses the write', { ...s, writing: false }];
    else {
      const acknowledgedTooLate = s.worker === 'has opened the other region';
      yield ['it acknowledges the write', { ...s, writing: false, acknowledgedTooLate }];
    }
  }
}

function* storeSteps(s: State): Generator<Step> {
  // its request stays on the way when it is taken: it may be taken twice
  if (!s.closedOnPrimary) {
    if (s.askAge !== NONE) yield ['its renewal is taken', { ...s, granting: true, newOnPrimary: true }];
    yield ['another renewal is taken', { ...s, grantingOther: true, newOnPrimary: true }];
  }
  yield [
    'a majority has what the primary has',
    {
      ...s,
      closed: s.closedOnPrimary,
      newByMajority: s.newOnPrimary,
      answer: s.answer || s.granting,
      granting: false,
      grantingOther: false,
    },
  ];
  yield [
    'the other member is elected',
    {
      ...s,
      closedOnPrimary: s.closed,
      newOnPrimary: s.newByMajority,
      granting: false,
      grantingOther: false,
      // whoever waits for the answer to a close that is gone hears of the election, and asks anew
      worker: s.worker.startsWith('closes') && !s.closed ? 'watches' : s.worker,
    },
  ];
}

function* workerSteps(s: State, p: Protocol): Generator<Step> {
  const needed = p.ttl + p.margin;
  if (s.worker === 'watches') {
    if (s.newByMajority) {
      // reading what a majority has; what only the primary has stays unseen
      const newOnPrimary = s.granting || s.grantingOther;
      yield ['the worker sees renewals', { ...s, newByMajority: false, newOnPrimary, silence: 0 }];
    }
    const isUnchanged = !s.newOnPrimary || !p.conditionalCloseLooksAtRenewals;
    if (s.silence >= needed && isUnchanged) {
      yield ['the worker closes if nobody renewed', { ...s, closedOnPrimary: true, worker: 'closes at once' }];
    }
    yield ['the worker closes', { ...s, closedOnPrimary: true, worker: 'closes', knowsNumber: !s.newOnPrimary }];
  }
  const isClosed = p.closesBy === 'majority' ? s.closed : true;
  if (s.worker === 'closes at once' && isClosed)
    yield ['the worker opens the other region', { ...s, worker: 'has opened the other region' }];
  if (s.worker === 'closes' && isClosed) {
    // the answer has the number: if it is the one that was watched, the time since then counts
    yield ['the worker begins to wait', { ...s, worker: 'waits', waited: s.knowsNumber ? s.silence : 0 }];
  }
  if (s.worker === 'waits' && s.waited >= needed) {
    yield ['the worker opens the other region', { ...s, worker: 'has opened the other region' }];
  }
  if (s.worker !== 'has opened the other region') {
    const knowsNothing: State = { ...s, silence: 0, waited: 0, worker: 'watches', knowsNumber: false };
    const believesIt = !p.waitsAfterACrash && s.closed;
    const next: State = believesIt ? { ...knowsNothing, worker: 'waits', waited: needed } : knowsNothing;
    yield ['the worker crashes, and another goes on', next];
  }
}

/** Time passes. The instance's clock may miss the tick, as often as clocks drift. */
function* tick(s: State, p: Protocol): Generator<Step> {
  const older = (age: number): number => (age === NONE ? NONE : Math.min(age + 1, p.ttl));
  const needed = p.ttl + p.margin;
  const waited = s.worker === 'waits' ? Math.min(s.waited + 1, needed) : 0;
  const passed: State = { ...s, silence: Math.min(s.silence + 1, needed), waited };
  yield ['a tick', forget({ ...passed, askAge: older(s.askAge), leaseAge: older(s.leaseAge) }, p)];
  const misses = (age: number, missed: number): number => (age === NONE ? 0 : missed + 1);
  const askMissed = misses(s.askAge, s.askMissed);
  const leaseMissed = misses(s.leaseAge, s.leaseMissed);
  if (Math.max(askMissed, leaseMissed) > 0 && askMissed <= p.drift && leaseMissed <= p.drift) {
    yield ['a tick that its clock misses', { ...passed, askMissed, leaseMissed }];
  }
}

/** A lease that has run out is none, whatever its clock misses after that. */
const forget = (s: State, p: Protocol): State => (s.leaseAge >= p.ttl ? { ...s, leaseAge: NONE, leaseMissed: 0 } : s);
