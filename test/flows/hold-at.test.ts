import { expect, test } from 'vitest';
import { requestCard, viewOf } from '#flows';
import { changeRecord } from '#ports';
import { wordsOf } from '../support/words-of.ts';
import { flowBench, USERS } from './flow-bench.ts';

const LINE = 'failover us-west-2 --reason "east storage is slow" --hold-at promote';

async function asked(line = LINE) {
  const bench = flowBench();
  const said = await bench.say(USERS.mike, line);
  const id = (await bench.flow.requests.find({ limit: 1 }))[0]?.value.id;
  return { bench, said, id };
}

async function approved() {
  const { bench, id } = await asked();
  if (!id) throw new Error('nothing was asked');
  await bench.approved(id);
  return { bench, id };
}

test('a hold point is part of what is approved: on the card, in the facts, in the run; resume takes it on', async () => {
  const { bench, id } = await approved();
  const preview = (await bench.flow.requests.get(id))?.value.preview?.preview;
  expect(preview?.facts['holdAt']).toBe('promote');
  expect(preview?.sections.at(-1)).toEqual({
    heading: 'Hold point',
    lines: [['It holds by itself before step 2 (promote), and goes on at /dr resume.']],
  });
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`]);
  expect(await bench.kinds(id)).toEqual(expect.arrayContaining(['held']));
  const held = (await bench.entries(id)).find(({ kind }) => kind === 'held');
  expect(JSON.stringify(held?.text)).toContain('at its hold point before promote');
  expect(held?.notify).toEqual(expect.arrayContaining(['mike-johnson', 'john-smith', 'alex-chen']));
  await bench.say(USERS.john, `resume ${id}`);
  await bench.work();
  expect(bench.world.region).toBe('us-west-2');
});

test('the preview hash of a run with a hold point is another one than without', async () => {
  const [with_, without] = await Promise.all([asked(), asked(LINE.replace(/ --hold-at promote/, ''))]);
  const hash = async ({ bench, id }: typeof with_) => (await bench.flow.requests.get(id ?? ''))?.value.preview?.hash;
  expect(await hash(with_)).not.toBe(await hash(without));
});

test('a run whose approved hold point was taken out of the journal does not start', async () => {
  const { bench, id } = await approved();
  await changeRecord(bench.flow.journal, id, ({ holdAt: _gone, ...run }) => run);
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  expect((await bench.flow.journal.get(id))?.value).toMatchObject({
    state: 'refused',
    failure: { code: 'APPROVAL_INVALID' },
  });
});

test('approvals that a change voids are asked for anew with the same hold point', async () => {
  const { bench, id } = await approved();
  bench.world.members = 2;
  await bench.work();
  expect((await bench.flow.requests.get(id))?.value.preview?.preview.facts['holdAt']).toBe('promote');
  await bench.approved(id);
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`]);
});

test.each([
  ['a step that nobody knows', '--hold-at pomote', 'Did you mean promote?'],
  ['a step before which it is no good', '--hold-at fence', 'nothing has begun there'],
  ['no step', '--hold-at', '--hold-at needs a step'],
])('%s is refused, and nobody is asked to approve', async (_what, flag, answer) => {
  const { bench, said } = await asked(`failover us-west-2 --reason "east storage is slow" ${flag}`);
  expect(said).toContain(answer);
  expect(await bench.flow.requests.find({ where: { state: 'waiting' }, limit: 1 })).toEqual([]);
});

test('a dry run shows the hold point; a command that runs nothing has none', async () => {
  const bench = flowBench();
  expect(await bench.say(USERS.mike, `${LINE} --dry-run`)).toContain('It holds by itself before step 2');
  expect(await bench.say(USERS.mike, 'status --hold-at promote')).toContain('--hold-at is not a flag of status');
});

test('a hold point can be set while a run waits for its worker, by whoever may hold', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  expect(await bench.say(USERS.john, `hold later ${id}`)).toContain('has not started');
  await bench.approved(id);
  expect(await bench.say(USERS.john, `hold later ${id}`)).toContain('will hold by itself before step 2 (promote)');
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`]);
});

test('the held card says where it waits, since when, for whom, and that it is safe', async () => {
  const { bench, id } = await approved();
  await bench.work();
  const view = await viewOf(id, bench.flow);
  if (!view) throw new Error('no view');
  const words = wordsOf(requestCard(view));
  expect(words).toContain(`HELD - after step 1 of 2, planned failover us-east-1 -> us-west-2   ${id}`);
  expect(words).toContain('By itself');
  expect(words).toContain('at its hold point before step 2, asked for by');
  expect(words).toContain('Safe to stay here: yes.');
});
