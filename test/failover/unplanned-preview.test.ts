import { expect, test } from 'vitest';
import { DrError, hashOf, systemClock } from '#core';
import { previewUnplanned } from '#failover';
import { type LostCompany, lostWorld, possible } from './lost-world.ts';
import { EAST, EU, WEST } from './settings.ts';

async function problemOf(company: LostCompany, to: string = WEST): Promise<DrError> {
  const found = await previewUnplanned(company.world, { to }, systemClock);
  if (!('problem' in found)) throw new Error('it could start');
  return found.problem;
}

test('two previews of the same lost region have the same facts, whatever of it answers one time and not the next', async () => {
  const company = lostWorld();
  company.lose();
  const first = await possible(company);
  company.dns.failWith(undefined);
  company.clusters.at(EAST).failure = undefined;
  company.hands.tail = { ...company.hands.tail, refused: 'the vault is out of step' };
  company.hands.fence = { ...company.hands.fence, standing: 'waits', waitMs: 8_000 };
  expect(hashOf((await possible(company)).facts)).toBe(hashOf(first.facts));
});

test('a preview changes nothing, and says what could not be read', async () => {
  const company = lostWorld();
  company.lose();
  const { unread, live, facts, fence } = await possible(company);
  expect(unread.join()).toContain("DNS's control API does not answer");
  expect(facts).toMatchObject({ from: EAST, to: WEST, primaryAfter: 'west-1', catchUpMs: -1 });
  expect(facts.membersAfter.map(({ votes, priority }) => [votes, priority])).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
  ]);
  expect(fence.standing).toBe('proved');
  expect(live.roomFor).toBe(3);
  expect(company.replicaSet.forced()).toBe(0);
  expect([...company.hands.open]).toEqual([EAST]);
  expect(company.hands.saved.size + company.hands.diverted.size).toBe(0);
});

test('a survivor that can not do what is needed is refused before anything starts; one that does not say is not', async () => {
  const company = lostWorld();
  company.lose();
  company.replicaSet.setLacks([{ ability: 'apply-oplog', words: 'apply a tail', because: 'its user lacks a right' }]);
  const problem = await problemOf(company);
  expect(problem).toMatchObject({ code: 'REGION_NOT_READY', kind: 'user' });
  expect(problem.message).toContain("can't apply a tail (its user lacks a right). Nothing was changed.");
  const gone = new DrError('DATABASE_UNAVAILABLE', 'transient', 'west-1 does not answer.');
  const abilities = () => Promise.reject(gone);
  const silent = { ...company.world, replicaSet: { ...company.world.replicaSet, abilities } };
  expect(await previewUnplanned(silent, { to: WEST }, systemClock)).not.toHaveProperty('problem');
});

test('what hangs is not waited for', async () => {
  const company = lostWorld({ askWithinMs: 50 });
  company.lose();
  const never = new Promise<never>(() => undefined);
  const world = {
    ...company.world,
    dns: { ...company.world.dns, weights: () => never },
    tail: { ...company.world.tail, look: () => never },
    newestVerifiedBackup: () => never,
    traffic: {
      ...company.world.traffic,
      acknowledged: async function* () {
        await never;
        yield { id: '', hash: '' as never, at: new Date() };
      },
    },
  };
  const found = await previewUnplanned(world, { to: WEST }, systemClock);
  expect('facts' in found && found.unread).toHaveLength(4);
});

test('a fence that can not be proved has no card, but its reasons and the next safe thing', async () => {
  const company = lostWorld();
  company.lose();
  company.hands.fence = {
    ...{ standing: 'not-provable', waitMs: 0, silentMs: undefined },
    ...{ answering: [{ host: 'east-2', to: EU }], reasons: ['no lease is in use there'] },
  };
  const problem = await problemOf(company);
  expect(problem).toMatchObject({ code: 'FENCE_NOT_PROVED', kind: 'user' });
  expect(problem.message).toContain('CANNOT START - us-east-1 may still take writes: no lease is in use there');
  expect(problem.message).toContain('eu-west-1 still reaches east-2');
  expect(problem.message).toContain('Nothing was changed.');
  expect(problem.hint).toContain('stop or isolate east-2, then ask again: /dr failover us-west-2 --unplanned');
});

test('a primary that the target still sees is moved in order, not by force', async () => {
  const problem = await problemOf(lostWorld());
  expect(problem).toMatchObject({ code: 'WRONG_STATE', kind: 'user' });
  expect(problem.hint).toContain('/dr failover us-west-2 --planned');
});

test('a target without a living member is told so, and that the cold standby is what is left', async () => {
  const company = lostWorld();
  company.lose();
  company.replicaSet.setUp('west-1', false);
  company.replicaSet.setUp('east-1', true);
  const problem = await problemOf(company);
  expect(problem).toMatchObject({ code: 'REGION_NOT_READY' });
  expect(problem.message).toContain('no answer from west-1');
  expect(problem.hint).toContain('cold standby eu-west-1');
  company.replicaSet.setUp('east-1', false);
  expect(await problemOf(company)).toMatchObject({ code: 'REGION_NOT_READY' });
});

test('the active region, a cold standby and a region nobody knows are refused', async () => {
  const company = lostWorld();
  expect(await problemOf(company, EAST)).toMatchObject({ code: 'REGION_ALREADY_ACTIVE' });
  expect(await problemOf(company, EU)).toMatchObject({ code: 'REGION_NOT_READY' });
  expect(await problemOf(company, 'us-wset-2')).toMatchObject({
    code: 'REGION_UNKNOWN',
    hint: 'Did you mean us-west-2?',
  });
});

test('the loss is bounded by the last acknowledged write, less what the vault has', async () => {
  const company = lostWorld();
  const { applied, appliedAt } = (await company.replicaSet.look()).members[2] ?? {};
  if (!applied || !appliedAt) throw new Error('no west-1');
  company.lose();
  const at = (ms: number) => new Date(appliedAt.getTime() + ms);
  const acknowledged = [500, 1_000, 4_000].map((ms) => ({ id: `${ms}`, hash: '' as never, at: at(ms) }));
  company.world.traffic.acknowledged = async function* () {
    yield* acknowledged;
  };
  expect((await possible(company)).live).toMatchObject({ lossMs: 4_000, lossWrites: 3, vaultMs: 0 });
  company.hands.tail = { reaches: applied, reachesAt: at(1_500), entries: 7, refused: undefined };
  expect((await possible(company)).live).toMatchObject({
    lossMs: 2_500,
    lossWrites: 1,
    vaultMs: 1_500,
    vaultEntries: 7,
  });
  company.hands.tail = { ...company.hands.tail, refused: 'another timeline' };
  expect((await possible(company)).live).toMatchObject({ lossMs: 4_000, lossWrites: 3, vaultEntries: 0 });
});

test('a loss beyond the plan is shown as such, with a limit that people have to approve', async () => {
  const company = lostWorld();
  const appliedAt = (await company.replicaSet.look()).members[2]?.appliedAt ?? new Date();
  company.lose();
  company.world.traffic.acknowledged = async function* () {
    yield { id: 'late', hash: '' as never, at: new Date(appliedAt.getTime() + 48_000) };
  };
  const { overPlan, limits, live } = await possible(company);
  expect([overPlan, live.lossMs]).toEqual([true, 48_000]);
  expect(limits.lossMs).toBe(90_000);
});
