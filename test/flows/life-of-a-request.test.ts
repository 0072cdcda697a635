import { expect, test } from 'vitest';
import { requestCard, viewOf } from '#flows';
import { changeRecord } from '#ports';
import { wordsOf } from '../support/words-of.ts';
import { flowBench, USERS } from './flow-bench.ts';
import { PAUSE_LIMIT_MS, type SmallWorld } from './small-world.ts';

test('asked, approved by two roles, run, recorded: each fact once, in order', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  expect(await bench.click(USERS.john, 'approve', id)).toContain('Still missing: Database Admin');
  expect(await bench.click(USERS.alex, 'approve', id)).toContain('It starts now');
  await bench.work();
  expect(bench.world.region).toBe('us-west-2');
  expect(await bench.kinds(id)).toEqual([
    'asked',
    'previewed',
    'approved',
    'approved',
    'started',
    'step',
    'step',
    'done',
  ]);
  expect(await bench.whole()).toBe(true);
});

test('the same payloads delivered twice have one effect', async () => {
  const bench = flowBench();
  const line = 'failover us-west-2 --reason "east storage is slow"';
  await bench.say(USERS.mike, line, 'command:1');
  await bench.say(USERS.mike, line, 'command:1');
  const found = await bench.flow.requests.find({ limit: 5 });
  expect(found).toHaveLength(1);
  const id = found[0]?.value.id;
  if (!id) throw new Error('nothing was asked');
  for (let again = 0; again < 2; again += 1) {
    await bench.click(USERS.john, 'approve', id, { key: 'click:john' });
    await bench.click(USERS.alex, 'approve', id, { key: 'click:alex' });
    await bench.work();
  }
  expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
  expect((await bench.kinds(id)).filter((kind) => kind === 'not-counted')).toEqual([]);
});

test('a drift inside the limit voids nothing', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  bench.world.lagMs = PAUSE_LIMIT_MS;
  await bench.work();
  expect(bench.world.effects).toHaveLength(2);
});

test.each([
  ['a figure beyond its limit', (world: SmallWorld) => Object.assign(world, { lagMs: PAUSE_LIMIT_MS + 1 }), 'pause'],
  ['a fact that changed', (world: SmallWorld) => Object.assign(world, { members: 2 }), 'members'],
])('%s voids the approvals with the difference, and asks again on a new preview', async (_what, drift, named) => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  const approvedHash = (await bench.flow.requests.get(id))?.value.preview?.hash;
  drift(bench.world);
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  const voided = (await bench.entries(id)).find(({ kind }) => kind === 'void');
  expect(JSON.stringify(voided?.text)).toContain(named);
  expect(voided?.notify).toEqual(expect.arrayContaining(['mike-johnson', 'john-smith', 'alex-chen']));
  const request = (await bench.flow.requests.get(id))?.value;
  expect(request).toMatchObject({ state: 'waiting', approvals: [], voids: 1, started: false });
  const view = await viewOf(id, bench.flow);
  const card = view && requestCard(view);
  // what is different stands on the new card, and why it came on a locked telephone
  expect(card?.push).toMatch(
    new RegExp(
      `^Approvals for ${id} are void: .*${named}.*[.] Nothing was changed[.] Approve the new preview[?]$`,
      'i',
    ),
  );
  expect(card && wordsOf(card)).toMatch(new RegExp(`What changed since it was approved[^]*${named}.*: .+ -> .+`, 'i'));
  // The old card's button no longer counts, the old approvals neither; the new card's do.
  const old = { value: `${id} ${approvedHash?.slice(0, 16)}`, ts: `${id}/0` };
  expect(await bench.click(USERS.alex, 'approve', id, old)).toContain('does not belong to this card');
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  bench.world.lagMs = 400;
  await bench.approved(id);
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
  expect(await bench.whole()).toBe(true);
});

test('approved again before the refused run is put down: it is started as soon as that is', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  bench.world.members = 2;
  await bench.work();
  // As a worker leaves it that died between telling the refusal and saying that nothing is due.
  await changeRecord(bench.flow.journal, id, (run) => ({ ...run, due: true }));
  await bench.approved(id);
  expect((await bench.flow.requests.get(id))?.value).toMatchObject({ state: 'approved', started: false });
  await changeRecord(bench.flow.journal, id, (run) => ({ ...run, due: false }));
  bench.clock.advance(1_000);
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
});

test('a single look that sees the target as not ready does not end an approved move', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  bench.world.ready = false;
  setTimeout(() => Object.assign(bench.world, { ready: true }), 500);
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
});

test('a target that is not ready any more ends the request, with nothing changed', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  bench.world.ready = false;
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  expect((await bench.flow.journal.get(id))?.value).toMatchObject({ state: 'refused', due: false });
});

test('two failovers at once: one runs, the other is refused', async () => {
  const bench = flowBench();
  const first = await bench.asked();
  const second = await bench.asked();
  expect(second).not.toBe(first);
  await bench.approved(first);
  await bench.approved(second);
  await Promise.all([bench.work(), bench.work()]);
  await bench.work();
  expect(bench.world.effects.filter((effect) => effect.endsWith('promote'))).toHaveLength(1);
  const states = [first, second].map(async (id) => (await bench.flow.journal.get(id))?.value.state);
  expect((await Promise.all(states)).sort()).toEqual(['done', 'refused']);
});

test('asking while another move runs is refused before anybody is called', async () => {
  const bench = flowBench();
  const first = await bench.asked();
  await bench.approved(first);
  await bench.say(USERS.john, `hold ${first}`);
  await bench.work();
  const read = await bench.say(USERS.sarah, 'failover us-west-2 --reason "me too"');
  expect(read).toMatch(
    new RegExp(`${first} \\(.*asked by Mike Johnson\\) is held before step \\d of \\d. One movement at a time`),
  );
});

test('denied with a reason by whoever could approve, also after approving; nobody can approve it any more', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.click(USERS.john, 'approve', id);
  expect(await bench.say(USERS.mike, `deny ${id} --reason "not mine to deny"`)).toContain(`You asked for ${id}`);
  expect(await bench.say(USERS.lisa, `deny ${id} --reason "no role for it"`)).toContain('You cannot');
  expect(await bench.say(USERS.john, `deny ${id} --reason "maintenance ends 03:30"`)).toContain('Nothing was changed');
  expect(await bench.click(USERS.alex, 'approve', id)).toContain(`${id} was denied`);
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  const denied = (await bench.entries(id)).find(({ kind }) => kind === 'denied');
  expect(JSON.stringify(denied?.text)).toContain('maintenance ends 03:30');
});

test('an approval is taken back while the request waits, and is needed again', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  expect(await bench.say(USERS.john, `unapprove ${id}`)).toContain('You have not approved');
  await bench.click(USERS.john, 'approve', id);
  expect(await bench.say(USERS.john, `unapprove ${id}`)).toContain('is taken back');
  await bench.click(USERS.alex, 'approve', id);
  expect(await bench.state(id)).toBe('waiting');
  await bench.click(USERS.jane, 'approve', id);
  await bench.work();
  expect(bench.world.effects).toHaveLength(2);
  expect(await bench.kinds(id)).toContain('note');
});

test('cancelled by the one who asked and by nobody else', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  expect(await bench.say(USERS.john, `cancel ${id}`)).toContain('Only Mike Johnson, who asked');
  expect(await bench.click(USERS.mike, 'cancel', id)).toContain('is cancelled');
  expect(await bench.click(USERS.john, 'approve', id)).toContain(`${id} was cancelled`);
  expect(await bench.say(USERS.mike, `cancel ${id}`)).toContain('is cancelled');
  await bench.work();
  expect(bench.world.effects).toEqual([]);
});

test('reminded once at half time, those still missing; expired at its end; asked again with a new number', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.click(USERS.john, 'approve', id);
  bench.clock.advance(7.4 * 60_000);
  await bench.sweep();
  expect(await bench.kinds(id)).not.toContain('note');
  bench.clock.advance(0.2 * 60_000);
  await Promise.all([bench.sweep(), bench.sweep()]);
  const notes = (await bench.entries(id)).filter(({ kind }) => kind === 'note');
  expect(notes).toHaveLength(1);
  expect(notes[0]?.notify.toSorted()).toEqual(['alex-chen', 'david-kim']);
  bench.clock.advance(8 * 60_000);
  await Promise.all([bench.sweep(), bench.sweep()]);
  expect(await bench.state(id)).toBe('expired');
  expect((await bench.kinds(id)).filter((kind) => kind === 'expired')).toHaveLength(1);
  await bench.click(USERS.mike, 'ask-again', id);
  const all = await bench.flow.requests.find({ where: { state: 'waiting' }, limit: 5 });
  expect(all).toHaveLength(1);
  expect(all[0]?.value.id).not.toBe(id);
});

test('the card of a move that is done offers what is next: it is asked for like anything that is typed', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  expect(await bench.click(USERS.mike, 'next', id)).toContain('does not belong to this card');
  await bench.approved(id);
  await bench.work();
  expect(bench.world.region).toBe('us-west-2');
  expect(await bench.click(USERS.john, 'receipt', id)).toContain('us-west-2 serves');
  // whatever the button says, it is the run's own line that is asked for; and rights are looked at as ever
  await bench.click(USERS.john, 'next', id, { value: `${id} failover us-west-2` });
  const [back] = await bench.flow.requests.find({ where: { state: 'waiting' }, limit: 5 });
  expect(back?.value.line).toBe('failover us-east-1 --reason "well again"');
  expect(back?.value.asker.person).toBe('john-smith');
  expect(await bench.click(USERS.guest, 'next', id)).toContain('Nothing was changed');
  expect(await bench.flow.requests.find({ where: { state: 'waiting' }, limit: 5 })).toHaveLength(1);
});

test('a dead queue costs nothing but the wait for the next look', async () => {
  const bench = flowBench();
  bench.queue.setAlive(false);
  const id = await bench.asked();
  await bench.approved(id);
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
});

test('status is for whoever asks; with --here everybody in the channel reads it, unless an outsider asks', async () => {
  const bench = flowBench();
  const readers = () => bench.chat.answers.at(-1)?.readers;
  await bench.say(USERS.john, 'status');
  expect(readers()).toBe('asker');
  await bench.say(USERS.john, 'status --here');
  expect(readers()).toBe('channel');
  await bench.say(USERS.guest, 'status --here');
  expect(readers()).toBe('asker');
});
