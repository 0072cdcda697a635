import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore, memoryHistory, memoryLeases } from '#adapters/memory';
import { DrError, PersonId, type Region } from '#core';
import {
  beginMaintenance,
  type DetectorWorld,
  endMaintenance,
  type Finding,
  lookForSilence,
  OVERALL,
  openMaintenance,
  type Probe,
  readJudgement,
  readReports,
  runDetector,
  SILENT,
  STORE_SILENT,
} from '#detection';
import type { ControlStore, History, Leases } from '#ports';
import { eldPlan } from '../support/eld-plan.ts';
import { EAST, EU, FAILED, WELL, WEST } from './reports.ts';

const START = new Date('2026-11-23T08:00:00Z');
const ALEX = PersonId.parse('alex-chen');

/** A company's detectors on one store, with a clock that is moved. */
function company() {
  const clock = createSettableClock(START);
  const store = memoryControlStore(clock);
  const history = memoryHistory(clock);
  const leases = memoryLeases(clock);
  let isDown = false;
  const calls: { readonly from: string; readonly second: number; readonly findings: readonly Finding[] }[] = [];
  const troubles: string[] = [];
  const probes: Probe[] = [EAST, WEST].map((region) => ({
    name: 'http',
    check: 'application_response',
    region,
    subject: 'ELD',
    speaksFor: 'check',
    run: async () => (isDown && region === EAST ? FAILED('ELD answers 503') : WELL),
  }));
  const start = (region: Region, holder: string, more: Partial<DetectorWorld> = {}) => {
    const halt = new AbortController();
    const running = runDetector(
      {
        ...{ plan: eldPlan, region, holder, store, leases, history, clock, probes },
        onFindings: async (findings) => {
          calls.push({ from: holder, second: clock.monotonicMs() / 1_000, findings });
        },
        onTrouble: (what) => void troubles.push(what),
        ...more,
      },
      halt.signal,
    );
    return {
      stop: async () => {
        halt.abort();
        await clock.advance(0);
        await running;
      },
    };
  };
  const failingCalls = () =>
    calls.flatMap(({ from, second, findings }) =>
      findings.filter(({ state }) => state === 'failing').map(({ key }) => ({ from, second, key })),
    );
  return {
    ...{ clock, store, history, leases, calls, troubles, start, failingCalls },
    setDown: (down: boolean) => {
      isDown = down;
    },
  };
}

/** What never answers, like a process that was cut off or killed. */
const dead = <T extends object>(thing: T, isDead: () => boolean): T =>
  new Proxy(thing, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        isDead()
          ? Promise.reject(new DrError('STORE_UNAVAILABLE', 'transient', 'The control store does not answer.'))
          : value.apply(target, args);
    },
  });

/** Records are opened before the store dies: their calls must fail too. */
const dyingStore = (store: ControlStore, isDead: () => boolean): ControlStore => ({
  ...dead(store, isDead),
  now: () => dead(store, isDead).now(),
  nextNumber: (counter) => dead(store, isDead).nextNumber(counter),
  records: (name, schema, options) => dead(store.records(name, schema, options), isDead),
});

describe('detectors', () => {
  it('report what they see, and one of them tells what is wrong, once for each judgement', async () => {
    const { clock, store, start, setDown, failingCalls, history } = company();
    const detectors = [start(EAST, 'a'), start(WEST, 'b')];
    await clock.advance(60_000);
    expect((await readReports(store)).map(({ id, stands }) => [id, stands.length])).toEqual([
      [EAST, 2],
      [WEST, 2],
    ]);
    setDown(true);
    await clock.advance(120_000);
    const told = failingCalls();
    expect(new Set(told.map(({ from }) => from)).size).toBe(1);
    expect(told[0]).toMatchObject({ key: 'application_response/us-east-1' });
    // three checks from when it broke, and the judge's turn
    expect(told[0]?.second).toBeLessThanOrEqual(60 + 90 + 2);
    const seconds = told.map(({ second }) => second);
    expect(new Set(seconds).size).toBe(seconds.length);
    const steps = await history.read({ series: OVERALL, since: START, until: clock.now(), stepMs: 60_000 });
    expect(steps.at(-1)?.lowest).toBe(50);
    expect(steps[0]?.lowest).toBe(100);
    await Promise.all(detectors.map((each) => each.stop()));
  });

  it('a judge that dies is followed within ten seconds, and what it told before it died is told again', async () => {
    const { clock, store, leases, start, setDown, failingCalls } = company();
    let isDead = false;
    const gone = () => isDead;
    start(EAST, 'first', { store: dyingStore(store, gone), leases: dead<Leases>(leases, gone) });
    await clock.advance(3_000);
    const second = start(WEST, 'second');
    setDown(true);
    await clock.advance(100_000);
    expect(failingCalls().every(({ from }) => from === 'first')).toBe(true);
    expect(failingCalls().length).toBeGreaterThan(0);
    isDead = true;
    const diedAt = clock.monotonicMs() / 1_000;
    await clock.advance(45_000);
    const follower = failingCalls().find(({ from }) => from === 'second');
    expect(follower?.key).toBe('application_response/us-east-1');
    // the lease's ten seconds, a turn, and the report that is judged next
    expect((follower?.second ?? 0) - diedAt).toBeLessThanOrEqual(10 + 2 + 30);
    await second.stop();
  });

  it('of two in one region one speaks, and the other takes over with the same rows of failures', async () => {
    const { clock, store, leases, start, setDown } = company();
    let isDead = false;
    const gone = () => isDead;
    start(EAST, 'first', { store: dyingStore(store, gone), leases: dead<Leases>(leases, gone) });
    await clock.advance(1_000);
    const second = start(EAST, 'second');
    setDown(true);
    await clock.advance(61_000);
    const before = (await readReports(store))[0];
    expect(before?.detector).toBe('first');
    isDead = true;
    await clock.advance(60_000);
    const after = (await readReports(store))[0];
    expect(after?.detector).toBe('second');
    const failures = (report: typeof after) => report?.stands.find(({ region }) => region === EAST)?.failures ?? 0;
    expect(failures(after)).toBeGreaterThan(failures(before));
    await second.stop();
  });

  it('whose control store is gone go on looking, and say so themselves after two minutes', async () => {
    const { clock, store, leases, start, calls } = company();
    let isDead = false;
    const gone = () => isDead;
    const detector = start(EU, 'a', { store: dyingStore(store, gone), leases: dead<Leases>(leases, gone) });
    await clock.advance(31_000);
    isDead = true;
    await clock.advance(200_000);
    const lost = calls.filter(({ findings }) => findings.some(({ key }) => key === STORE_SILENT));
    expect(lost[0]?.findings[0]).toMatchObject({ state: 'failing', title: "Holdfast's control store does not answer" });
    expect(lost[0]?.second).toBeGreaterThanOrEqual(60 + 120);
    expect(lost[0]?.second).toBeLessThanOrEqual(60 + 120 + 30);
    isDead = false;
    await clock.advance(60_000);
    const ends = calls.findLast(({ findings }) => findings.some(({ key }) => key === STORE_SILENT));
    expect(ends?.findings[0]?.state).toBe('well');
    expect((await readReports(store))[0]?.at.getTime()).toBeGreaterThan(START.getTime() + 231_000);
    await detector.stop();
  });

  it('keep telling what the listener could not take, until it has', async () => {
    const { clock, start, setDown, store } = company();
    let deaf = true;
    const heard: string[] = [];
    const detector = start(EAST, 'a', {
      onFindings: async (findings) => {
        if (deaf) throw new Error('deaf');
        heard.push(...findings.flatMap(({ key, state }) => (state === 'failing' ? [key] : [])));
      },
    });
    setDown(true);
    await clock.advance(120_000);
    expect(heard).toEqual([]);
    expect((await readJudgement(store))?.value.findings ?? []).toEqual([]);
    deaf = false;
    await clock.advance(2_000);
    expect(heard).toEqual(['application_response/us-east-1']);
    await detector.stop();
  });

  it('a history that is not there keeps nobody from being called', async () => {
    const { clock, start, setDown, failingCalls, troubles, history } = company();
    const detector = start(EAST, 'a', { history: dead<History>(history, () => true) });
    setDown(true);
    await clock.advance(120_000);
    expect(failingCalls().length).toBeGreaterThan(0);
    expect(troubles).toContain('the history of health');
    await detector.stop();
  });
});

describe('that nobody looks', () => {
  const silence = async (store: ControlStore, since: Date) => (await lookForSilence(store, eldPlan, since)).state;

  it('is seen after two minutes, and not before whoever asks has been there as long', async () => {
    const { clock, store, start } = company();
    const detector = start(EAST, 'a');
    await clock.advance(60_000);
    await detector.stop();
    expect(await silence(store, START)).toBe('well');
    await clock.advance(121_000);
    expect(await silence(store, START)).toBe('failing');
    expect(await silence(store, clock.now()), 'everything has just been started again').toBe('well');
    const again = start(EAST, 'a');
    await clock.advance(1_000);
    expect(await silence(store, START)).toBe('well');
    await again.stop();
  });

  it('is seen where there never was a detector', async () => {
    const { clock, store } = company();
    expect(await silence(store, START)).toBe('well');
    await clock.advance(120_000);
    expect(await lookForSilence(store, eldPlan, START)).toMatchObject({
      key: SILENT,
      state: 'failing',
      severity: 'sev-1',
      cause: ['No detector has ever reported.'],
    });
  });
});

describe('maintenance', () => {
  it('is open until its end or until somebody ends it, and the same words twice are one', async () => {
    const { clock, store } = company();
    const wish = { of: EAST, by: ALEX, why: 'index build', lastsMs: 7_200_000 };
    const first = await beginMaintenance(store, wish);
    expect((await beginMaintenance(store, wish)).id).toBe(first.id);
    const other = await beginMaintenance(store, { ...wish, of: 'application_response', lastsMs: 60_000 });
    expect((await openMaintenance(store, clock.now())).map(({ id }) => id)).toEqual([other.id, first.id]);
    await clock.advance(60_000);
    expect((await openMaintenance(store, clock.now())).map(({ id }) => id)).toEqual([first.id]);
    expect((await endMaintenance(store, first.id, ALEX)).ended?.by).toBe(ALEX);
    expect((await endMaintenance(store, first.id, ALEX)).ended?.at).toEqual(clock.now());
    expect(await openMaintenance(store, clock.now())).toEqual([]);
    await expect(endMaintenance(store, 'M-99' as typeof first.id, ALEX)).rejects.toMatchObject({ kind: 'user' });
  });
});
