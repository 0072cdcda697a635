import { describe, expect, test } from 'vitest';
import { cardTs, type FlowBench, flowBench, USERS } from './flow-bench.ts';
import { unlinked } from './plans.ts';

/** Nothing happened: no effect in the world, and nobody's run is left to be carried. */
async function nothingDone(bench: FlowBench): Promise<void> {
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  expect(await bench.whole()).toBe(true);
}

describe('what is typed wrongly is answered with what to type, and changes nothing', () => {
  test.each([
    ['fialover us-west-2 --reason "east is slow"', 'Did you mean /dr failover us-west-2'],
    ['frobnicate', 'I do not know "/dr frobnicate"'],
    ['failover', 'failover needs region and reason'],
    ['failover us-west-2', 'failover needs reason'],
    ['failover us-west-2 us-east-1 --reason "east is slow"', 'is one word too many'],
    ['failover us-west-2 --reason "east is slow" --force', '--force is not a flag'],
    ['failover us-west-2 --reason "a" ', 'reason "a"'],
    ['failover mars-1 --reason "east is slow"', 'region "mars-1"'],
    ['failover us-west-2 --reason "one" --reason "two"', 'given twice'],
    ['failover us-east-1 --reason "east is slow"', 'serves already'],
    ['approve R-99 --preview 1234-abcd', 'There is no R-99'],
    ['cancel R-99', 'There is no R-99'],
    ['hold R-99', 'has not started'],
  ])('%s', async (line, answer) => {
    const bench = flowBench();
    const read = await bench.say(USERS.mike, line);
    expect(read).toContain(answer);
    expect(read).toContain('Nothing was changed');
    await nothingDone(bench);
  });

  test('what decides a request has no preview, and --dry-run is not passed over', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    const preview = (await bench.flow.requests.get(id))?.value.preview?.hash.slice(0, 8) ?? '';
    const mark = `${preview.slice(0, 4)}-${preview.slice(4)}`;
    for (const [user, line] of [
      [USERS.john, `approve ${id} --preview ${mark} --dry-run`],
      [USERS.john, `deny ${id} --reason "not now" --dry-run`],
      [USERS.mike, `cancel ${id} --dry-run`],
      [USERS.john, `unapprove ${id} --dry-run`],
    ] as const) {
      expect(await bench.say(user, line)).toMatch(/has no preview, so --dry-run can not be\. Nothing was changed/);
    }
    expect((await bench.flow.requests.get(id))?.value).toMatchObject({ state: 'waiting', approvals: [] });
    expect(await bench.say(USERS.guest, 'status --dry-run')).toContain('us-east-1 serves.');
  });

  test('a region that is not ready is refused before anybody is asked', async () => {
    const bench = flowBench();
    bench.world.ready = false;
    expect(await bench.say(USERS.mike, 'failover us-west-2 --reason "east is slow"')).toContain('is not ready');
    const [request] = await bench.flow.requests.find({ limit: 5 });
    expect(request?.value.state).toBe('refused');
    await nothingDone(bench);
  });
});

describe('asking', () => {
  test('somebody whose role may not ask reads who may', async () => {
    const bench = flowBench();
    const read = await bench.say(USERS.lisa, 'failover us-west-2 --reason "east is slow"');
    expect(read).toContain('may be asked by Incident Commander or Technical Lead or Database Admin');
    expect(await bench.flow.requests.find({ limit: 5 })).toEqual([]);
  });

  test('a guest may look and not ask', async () => {
    const bench = flowBench();
    expect(await bench.say(USERS.guest, 'status')).toContain('us-east-1 serves.');
    expect(await bench.say(USERS.guest, 'failover us-west-2 --reason "east is slow"')).toContain('no role in the plan');
    expect(await bench.flow.requests.find({ limit: 5 })).toEqual([]);
  });

  test('what nobody could approve is said at once, and no card is opened', async () => {
    const bench = flowBench(undefined, undefined, unlinked(['david-kim']));
    const read = await bench.say(USERS.alex, 'failover us-west-2 --reason "east is slow"');
    expect(read).toContain('cannot be approved as things stand');
    expect(read).toContain('David Kim has no linked Slack account');
    expect((await bench.flow.requests.find({ limit: 5 }))[0]?.value.state).toBe('refused');
  });
});

describe('approving', () => {
  test('by the one who asked does not count', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    expect(await bench.click(USERS.mike, 'approve', id)).toContain(`You asked for ${id}, so others must approve`);
    expect(await bench.kinds(id)).toContain('not-counted');
    await nothingDone(bench);
  });

  test.each([
    [USERS.lisa, 'it needs Incident Commander, Technical Lead or Database Admin'],
    [USERS.guest, 'not linked to anyone in the plan'],
    ['U0NOBODY', 'not linked to anyone in the plan'],
  ])('by %s without the role does not count', async (user, answer) => {
    const bench = flowBench();
    const id = await bench.asked();
    expect(await bench.click(user, 'approve', id)).toContain(answer);
    await bench.click(USERS.john, 'approve', id);
    expect(await bench.state(id)).toBe('waiting');
    await nothingDone(bench);
  });

  test('a member of another team with the same user id is nobody', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    const hash = (await bench.flow.requests.get(id))?.value.preview?.hash.slice(0, 16);
    const read = await bench.deliver({
      team: 'T0OTHER',
      user: USERS.john,
      channel: 'C1',
      kind: 'click',
      key: 'foreign-team',
      ts: cardTs(0, id),
      private: false,
      button: 'approve',
      value: `${id} ${hash}`,
    });
    expect(read).toContain('not linked to anyone in the plan');
  });

  test('twice by one person counts once, and a role that is given already does not count again', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    await bench.click(USERS.john, 'approve', id);
    expect(await bench.click(USERS.john, 'approve', id)).toContain('Already counted');
    expect(await bench.click(USERS.sarah, 'approve', id)).toContain('Incident Commander is already given');
    expect((await bench.flow.requests.get(id))?.value.approvals).toHaveLength(1);
    await nothingDone(bench);
  });

  test('of a request that is decided says where it stands', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    await bench.approved(id);
    expect(await bench.click(USERS.david, 'approve', id)).toContain(`${id} was approved at`);
    await bench.work();
    expect(await bench.click(USERS.david, 'approve', id)).toContain('is done');
  });

  test('after the time is up does not count, also before anybody noticed that it is up', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    await bench.click(USERS.john, 'approve', id);
    bench.clock.advance(15 * 60_000);
    expect(await bench.click(USERS.alex, 'approve', id)).toContain(`${id} expired at`);
    await bench.sweep();
    expect(await bench.state(id)).toBe('expired');
    expect(await bench.click(USERS.alex, 'approve', id)).toContain(`${id} expired at`);
    await nothingDone(bench);
  });

  test.each([
    ['an edited value', (id: string) => ({ value: `${id} ${'0'.repeat(16)}` })],
    ['a value without a preview', (id: string) => ({ value: id })],
    ["another request's number", () => ({ value: `R-98765 ${'a'.repeat(16)}` })],
    ['no number at all', () => ({ value: '<!channel> $(reboot)' })],
    ['a copy of the card in another message', () => ({ ts: '1700000000.000001' })],
  ])('with %s is no approval, and the Security Lead is told', async (_what, forge) => {
    const bench = flowBench();
    const id = await bench.asked();
    const read = await bench.click(USERS.john, 'approve', id, forge(id));
    expect(read).toContain('That button does not belong to this card. Nothing was changed.');
    expect((await bench.flow.requests.get(id))?.value.approvals).toEqual([]);
    const all = await bench.flow.timeline.read({ limit: 50 });
    const forged = all.filter(({ kind }) => kind === 'not-counted');
    expect(forged).toHaveLength(1);
    expect(forged[0]?.notify).toEqual(['lisa-brown']);
    await nothingDone(bench);
  });

  test('with a button nobody made is no approval', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    expect(await bench.click(USERS.john, 'constructor', id)).toContain('does not belong to this card');
    await nothingDone(bench);
  });

  test('typed with another preview says that the preview changed', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    expect(await bench.say(USERS.john, `approve ${id} --preview 0000-0000`)).toContain('preview');
    expect((await bench.flow.requests.get(id))?.value.approvals).toEqual([]);
  });

  test('ten clicks at the same moment approve once, and one run starts', async () => {
    const bench = flowBench();
    const id = await bench.asked();
    await bench.click(USERS.john, 'approve', id);
    const read = await Promise.all(
      Array.from({ length: 10 }, (_, n) => bench.click(n % 2 ? USERS.alex : USERS.david, 'approve', id)),
    );
    expect(read.filter((text) => text.startsWith('Counted'))).toHaveLength(1);
    expect((await bench.flow.requests.get(id))?.value.approvals).toHaveLength(2);
    await bench.work();
    await bench.work();
    expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
    expect((await bench.kinds(id)).filter((kind) => kind === 'approved')).toHaveLength(2);
  });
});

describe('text from outside', () => {
  test('is shown as text: no mention, no control code, one line', async () => {
    const bench = flowBench();
    await bench.say(USERS.mike, 'failover us-west-2 --reason "<!channel> <@U0ALEXCHEN>\u0007\u001b[31m\u202e\nred"');
    const [stored] = await bench.flow.requests.find({ limit: 1 });
    const id = stored?.value.id;
    const entries = id ? await bench.entries(id) : [];
    expect(entries.length).toBeGreaterThan(0);
    for (const { text } of entries) {
      for (const piece of text) {
        const shown = typeof piece === 'string' ? piece : JSON.stringify(piece);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        if (typeof piece === 'string') expect(piece).not.toContain('<!channel>');
      }
    }
    expect(JSON.stringify(entries)).toContain('<!channel>');
    expect(entries.flatMap(({ notify }) => notify)).not.toContain('channel');
  });
});
