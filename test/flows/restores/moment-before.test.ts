import { beforeEach, expect, test } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { asDrError, PersonId, RequestId, Sha256, say, systemRandom, type Text, utc } from '#core';
import { CHANGES_FROM, momentBefore, openRequests } from '#flows';
import { jobs } from '#jobs';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import { createTimeline, type NewEntry, plainText } from '#record';
import { openJournal, type RunRecord } from '#workflow';
import { eldText } from '../../plan/eld-plan.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');
const roster = createRoster(plan);
const second = (text: string): Date => new Date(`2026-11-23T${text}Z`);
const START = new Date('2026-11-23T14:03:20.700Z');
const NO_HASH = Sha256.parse('0'.repeat(64));
const mike = PersonId.parse('mike-johnson');
let world: ReturnType<typeof newWorld>;

function newWorld() {
  const clock = createSettableClock(START);
  const store = memoryControlStore(clock);
  const timeline = createTimeline({ store, clock, random: systemRandom });
  return { clock, timeline, roster, journal: openJournal(store), requests: openRequests(store) };
}
beforeEach(() => {
  world = newWorld();
});

/** Moves time on to that time of day. */
const at = (text: string): Promise<void> => world.clock.advance(second(text).getTime() - world.clock.now().getTime());

const append = (text: Text, more: Partial<NewEntry> = {}) =>
  world.timeline.append({ id: `e-${Math.random()}`, kind: 'note', actor: 'holdfast', inThread: true, text, ...more });

async function request(id: string, command: string, title?: string): Promise<RequestId> {
  const preview = {
    title: title ?? '',
    job: 'x',
    payload: {},
    facts: {},
    limits: {},
    live: {},
    sections: [],
    details: [],
    effect: '',
    smallPrint: [],
  };
  await world.requests.insert({
    id: RequestId.parse(id),
    intake: id,
    command,
    args: {},
    line: command,
    asker: { person: mike, name: 'Mike', team: 't', user: 'u' },
    via: 'slack',
    state: 'approved',
    ...(title ? { preview: { preview, hash: NO_HASH, planHash: NO_HASH, madeAt: START } } : {}),
    needs: [],
    approvals: [],
    askedAt: START,
    started: true,
    voids: 0,
  });
  return RequestId.parse(id);
}

const run = (id: RequestId, workflow: string, steps: Record<string, Date | undefined>, more: Partial<RunRecord> = {}) =>
  world.journal.insert({
    id,
    workflow,
    input: {},
    state: 'done',
    due: false,
    steps: Object.entries(steps).map(([name, startedAt]) => ({
      name,
      state: startedAt ? ('done' as const) : ('pending' as const),
      attempts: 1,
      ...(startedAt ? { startedAt } : {}),
    })),
    fence: 0,
    putBack: false,
    createdAt: START,
    startedAt: START,
    ...more,
  });

const before = async (typed: string): Promise<string> => {
  try {
    const found = await momentBefore(typed, world);
    if (!found) return 'a time';
    return `${utc(found.moment)} = ${plainText(found.words, (person) => roster.name(person), START)}`;
  } catch (thrown) {
    const { code, kind, message, hint } = asDrError(thrown);
    return `${code} ${kind}: ${message} ${hint}`;
  }
};

test('before an entry is the last whole second before it, with what it says and whose it is', async () => {
  await append(say`nothing of interest`);
  await at('14:05:00.000');
  await append(say`eld.driver_logs dropped`, { kind: 'human', actor: mike, request: await request('R-7', 'backup') });
  expect(await before('before #2')).toBe(
    '2026-11-23 14:04:59 UTC = 14:04:59 UTC, one second before entry #2 "eld.driver_logs dropped", by Mike Johnson in R-7.',
  );
  expect(await before(' Before  #1 ')).toBe(
    '2026-11-23 14:03:19 UTC = 14:03:19 UTC, one second before entry #1 "nothing of interest", by Holdfast.',
  );
});

test('before a run is the second before the step that changes data, not before it was asked for', async () => {
  const id = await request('R-43', 'restore swap', 'swap in eld.trips from R-42');
  await run(id, 'restore-swap', { 'pause-writes': second('14:06:00.100'), swap: second('14:06:01.900') });
  expect(await before('before r-43')).toBe(
    '2026-11-23 14:06:00 UTC = 14:06:00 UTC, one second before R-43 began to change data: "swap in eld.trips from R-42". Mike Johnson asked for it.',
  );
});

test('an entry that tells of a finished step means the second before that step began', async () => {
  const id = await request('R-43', 'restore swap', 'swap in eld.trips from R-42');
  await run(id, 'restore-swap', { 'pause-writes': second('14:06:00.100'), swap: second('14:06:01.900') });
  await at('14:06:09.000');
  await append(say`2/4 Swapped in: eld.trips.`, { kind: 'step', request: id, data: { step: 'swap' } });
  await append(say`DONE`, { kind: 'done', request: id });
  expect(await before('before #1')).toBe(
    '2026-11-23 14:06:00 UTC = 14:06:00 UTC, one second before the step began of which entry #1 "2/4 Swapped in: eld.trips.", by Holdfast in R-43 tells.',
  );
  expect(await before('before #2')).toContain('2026-11-23 14:06:08 UTC = ');
});

test('what is not there, and what changed nothing, is answered with the next command', async () => {
  await append(say`nothing of interest`);
  expect(await before('before #9')).toBe(
    'TIME_INVALID user: The record has no entry #9, its newest is #1. Nothing was changed. Look for its number: /dr timeline',
  );
  expect(await before('before R-99')).toBe(
    'REQUEST_UNKNOWN user: There is no R-99. Nothing was changed. Look for its number: /dr timeline',
  );
  const waits = await request('R-50', 'failover');
  expect(await before('before R-50')).toContain(
    'R-50 (failover) never ran, so it changed nothing. Nothing was changed.',
  );
  const backup = await request('R-51', 'backup');
  await run(backup, 'backup', { copy: second('14:06:00.000') });
  expect(await before('before R-51')).toBe(
    'TIME_INVALID user: R-51 (backup) changed nothing in the data. Nothing was changed. If you mean the time, say it: --to "2026-11-23 14:03:19 UTC". What changed things: /dr timeline',
  );
  const early = await request('R-52', 'restore swap');
  await run(early, 'restore-swap', { 'pause-writes': second('14:06:00.000'), swap: undefined }, { state: 'stopped' });
  expect(await before('before R-52')).toContain('R-52 (restore swap) changed nothing in the data.');
  await at('14:07:00.000');
  await append(say`1/3 copied`, { kind: 'step', request: backup, data: { step: 'copy' } });
  await append(say`asked: failover`, { kind: 'asked', request: waits });
  expect(await before('before #2')).toBe(
    'TIME_INVALID user: Entry #2 is of R-51 (backup), which changed nothing in the data. Nothing was changed. If you mean the time, say it: --to "2026-11-23 14:06:59 UTC". What changed things: /dr timeline',
  );
  expect(await before('before #3')).toContain(
    'Entry #3 is of R-50 (failover), which never ran, so it changed nothing.',
  );
});

test('everything else is left to whoever reads times, but "before" without a number is told how', async () => {
  for (const typed of ['10 minutes ago', '14:03', '#3', 'R-43']) expect(await before(typed), typed).toBe('a time');
  for (const typed of ['before', 'before R-0', 'before 14:03', 'before #x', 'before R-43 and #2']) {
    expect(await before(typed), typed).toContain('Say the number of a run or of an entry: --to "before R-43"');
  }
});

test('each step from which a run changes data is one of its workflow', () => {
  for (const [name, step] of Object.entries(CHANGES_FROM)) {
    const workflow = jobs.find((job) => job.workflow.name === name)?.workflow;
    expect(
      workflow?.steps.map((each) => each.name),
      name,
    ).toContain(step);
  }
});
