import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ApprovalRecord, signApproval } from '#approvals';
import { hashOf, PersonId, RequestId, Role, Sha256 } from '#core';
import { changeRecord } from '#ports';
import { DirectMessage } from '#record';
import { createRun, demandGoOn } from '#workflow';
import { type FlowBench, flowBench, USERS } from './flow-bench.ts';
import { moveWorkflow } from './small-world.ts';

const john = PersonId.parse('john-smith');

/** Whoever may write into the control store or the queue writes this; then a worker comes by. */
async function refusedRun(bench: FlowBench, id: RequestId): Promise<string> {
  await bench.work();
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([]);
  const run = (await bench.flow.journal.get(id))?.value;
  expect(run?.state).toBe('refused');
  expect(run?.due).toBe(false);
  expect(await bench.whole()).toBe(true);
  return run?.failure?.message ?? '';
}

const writeRun = async (bench: FlowBench, id: RequestId, input: unknown): Promise<void> =>
  createRun(bench.flow.journal, { id, workflow: moveWorkflow, input, at: bench.clock.now() });

const west = { to: 'us-west-2', reason: 'by hand' };

test('a run without a request is refused', async () => {
  const bench = flowBench();
  const id = RequestId.parse('R-77');
  await writeRun(bench, id, west);
  expect(await refusedRun(bench, id)).toContain('nobody asked for it');
});

test('a run for a request that still waits is refused, and its approval later starts a run of its own', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await writeRun(bench, id, west);
  expect(await refusedRun(bench, id)).toContain('its request is waiting');
  bench.clock.advance(1_000);
  await bench.approved(id);
  await bench.sweep();
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
});

test('a run of an approved request with another input is refused', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  // Into the journal before the last approval: its own run is then found there, and not written again.
  await writeRun(bench, id, { to: 'us-west-2', reason: 'another reason' });
  await bench.approved(id);
  expect(await refusedRun(bench, id)).toContain('is not what was asked for');
});

test('a wake for a run that is not there, or for one that is done, does nothing', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  await bench.work();
  for (const runId of ['R-555', id, 'constructor', '']) await bench.queue.wake({ job: 'failover', runId });
  await bench.work();
  expect(bench.world.effects).toEqual([`${id} fence`, `${id} promote`]);
});

function unsigned(
  bench: FlowBench,
  hash: Sha256,
  more: Partial<ApprovalRecord> = {},
): Omit<ApprovalRecord, 'signature'> {
  const account = bench.flow.roster.account(john);
  return {
    slot: 0,
    role: Role.parse('incident-commander'),
    person: john,
    team: account?.team ?? '',
    slackUser: account?.user ?? '',
    previewHash: hash,
    at: bench.clock.now(),
    via: 'slack',
    stepUp: 'none',
    ...more,
  };
}

/** Puts an approval beside a real one and declares the request approved, as somebody with the store's password could. */
async function plant(bench: FlowBench, id: RequestId, forge: (hash: Sha256) => ApprovalRecord): Promise<void> {
  await bench.click(USERS.alex, 'approve', id);
  await changeRecord(bench.flow.requests, id, (current) => ({
    ...current,
    state: 'approved' as const,
    decidedAt: bench.clock.now(),
    approvals: [...current.approvals, forge(current.preview?.hash ?? Sha256.parse('0'.repeat(64)))],
  }));
  await bench.sweep();
}

test.each([
  ['an empty signature', (bench: FlowBench, hash: Sha256) => ({ ...unsigned(bench, hash), signature: '' })],
  [
    'a signature of noise',
    (bench: FlowBench, hash: Sha256) => ({
      ...unsigned(bench, hash),
      signature: Buffer.alloc(64, 7).toString('base64'),
    }),
  ],
  [
    "the signature of another's key",
    (bench: FlowBench, hash: Sha256, id: RequestId) =>
      signApproval(id, unsigned(bench, hash), generateKeyPairSync('ed25519')),
  ],
  [
    "another request's signature",
    (bench: FlowBench, hash: Sha256) =>
      signApproval(RequestId.parse('R-4000'), unsigned(bench, hash), bench.flow.approvalKeys),
  ],
  [
    "another person's name on a signature",
    (bench: FlowBench, hash: Sha256, id: RequestId) => ({
      ...signApproval(id, unsigned(bench, hash, { person: PersonId.parse('mike-johnson') }), bench.flow.approvalKeys),
      person: john,
    }),
  ],
])('an approval written into the store with %s starts nothing', async (_what, forge) => {
  const bench = flowBench();
  const id = await bench.asked();
  await plant(bench, id, (hash) => forge(bench, hash, id));
  expect(await refusedRun(bench, id)).toContain('not signed by Holdfast');
});

test('an approval for another preview, well signed, starts nothing', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  const other = hashOf('another preview');
  await plant(bench, id, () => signApproval(id, unsigned(bench, other), bench.flow.approvalKeys));
  expect(await refusedRun(bench, id)).toContain('for another preview');
});

test('a request declared approved with approvals missing starts nothing', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.click(USERS.alex, 'approve', id);
  await changeRecord(bench.flow.requests, id, (current) => ({ ...current, state: 'approved' as const }));
  await bench.sweep();
  expect(await refusedRun(bench, id)).toContain('approvals are missing');
});

test.each([
  ['its target', (preview: Record<string, unknown>) => ({ ...preview, payload: { to: 'us-east-1', reason: 'x y z' } })],
  ['a limit', (preview: Record<string, unknown>) => ({ ...preview, limits: { pauseMs: 99_000_000 } })],
  ['a fact', (preview: Record<string, unknown>) => ({ ...preview, facts: { to: 'us-east-1' } })],
])('a preview changed in the store (%s) after it was approved starts nothing', async (_what, change) => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.click(USERS.john, 'approve', id);
  await changeRecord(bench.flow.requests, id, (current) => {
    if (!current.preview) return undefined;
    const preview = { ...current.preview.preview, ...change({ ...current.preview.preview }) };
    return { ...current, preview: { ...current.preview, preview } };
  });
  await bench.click(USERS.alex, 'approve', id);
  expect(await refusedRun(bench, id)).toContain('preview was changed after it was made');
});

test('a run under a plan that changed since the preview is refused', async () => {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  await changeRecord(bench.flow.requests, id, (current) =>
    current.preview ? { ...current, preview: { ...current.preview, planHash: hashOf('another plan') } } : undefined,
  );
  expect(await refusedRun(bench, id)).toContain('plan.yaml changed');
});

test('a refused run is not made to run by telling it to go on', async () => {
  const bench = flowBench();
  const id = RequestId.parse('R-78');
  await writeRun(bench, id, west);
  await refusedRun(bench, id);
  await expect(demandGoOn(bench.flow.journal, id)).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('the Security Lead is told directly of a run that nobody consented to, once', async () => {
  const bench = flowBench();
  const id = RequestId.parse('R-78');
  await writeRun(bench, id, west);
  await refusedRun(bench, id);
  await bench.work();
  const told = await bench.flow.store.records('direct-messages', DirectMessage).find({ limit: 10 });
  expect(told.map(({ value }) => [value.person, value.card.push])).toEqual([
    ['lisa-brown', 'A run without consent was refused (R-78).'],
  ]);
});
