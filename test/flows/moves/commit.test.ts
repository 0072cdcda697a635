import { expect, test } from 'vitest';
import { PersonId, type RequestId } from '#core';
import { commitMove, requestCard, viewOf } from '#flows';
import { recentMove, refuseAfterMove } from '../../../src/flows/moves/last-move.ts';
import { wordsOf } from '../../support/words-of.ts';
import { flowBench } from '../flow-bench.ts';

const MIKE = { person: PersonId.parse('mike-johnson'), name: 'Mike Johnson', via: 'terminal' } as const;
const HOUR_MS = 60 * 60_000;

async function moved() {
  const bench = flowBench();
  const id = await bench.asked();
  await bench.approved(id);
  await bench.work();
  return { bench, id };
}

type Bench = Awaited<ReturnType<typeof moved>>['bench'];

const commit = (bench: Bench, id: RequestId) => commitMove(id, MIKE as never, bench.flow);

async function cardOf(bench: Bench, id: RequestId): Promise<string> {
  const view = await viewOf(id, bench.flow);
  if (!view) throw new Error('no view');
  return wordsOf(requestCard(view), view.now);
}

test('after a move none is proposed until the time is over, and its card says until when', async () => {
  const { bench, id } = await moved();
  await expect(refuseAfterMove('failover us-east-1', bench.flow)).rejects.toMatchObject({
    hint: expect.stringContaining(`/dr commit ${id}`),
  });
  expect(await cardOf(bench, id)).toMatch(
    /Until \d\d:\d\d:\d\d UTC.* Holdfast neither proposes nor starts another move\./,
  );
  expect(await cardOf(bench, id)).toContain(`Well as it is? /dr commit ${id} ends that.`);
  bench.clock.advance(HOUR_MS);
  await refuseAfterMove('failover us-east-1', bench.flow);
  expect(await cardOf(bench, id)).toContain('Committed by itself');
});

test('committed, the next move may be proposed at once; who did it and when is on the card and in the record', async () => {
  const { bench, id } = await moved();
  expect((await recentMove(bench.flow))?.id).toBe(id);
  expect((await commit(bench, id)).push).toBe(`${id} is committed.`);
  expect(await recentMove(bench.flow)).toBeUndefined();
  await refuseAfterMove('failover us-east-1', bench.flow);
  expect(await cardOf(bench, id)).toMatch(/Committed \d\d:\d\d:\d\d UTC.* by Mike Johnson\./);
  expect((await bench.entries(id)).at(-1)).toMatchObject({ kind: 'note', actor: 'mike-johnson' });
  expect(await bench.whole()).toBe(true);
});

test('the card of a move that is done says how long people were waited for and how long it moved', async () => {
  const { bench, id } = await moved();
  const words = await cardOf(bench, id);
  expect(words).toMatch(/How long it took\nWaited for people \d\S* m?s\nMoved {13}\d\S* m?s\n/);
});

test('what there is nothing to end of is refused with the reason', async () => {
  const { bench, id } = await moved();
  await expect(commit(bench, 'R-99' as RequestId)).rejects.toThrow('R-99 is not a move. Nothing was changed.');
  await commit(bench, id);
  await expect(commit(bench, id)).rejects.toThrow(`${id} was committed at`);
  const late = await moved();
  late.bench.clock.advance(HOUR_MS);
  await expect(commit(late.bench, late.id)).rejects.toThrow('counts as committed since');
  const held = flowBench();
  const open = await held.asked();
  await held.approved(open);
  await expect(commit(held, open)).rejects.toThrow(`${open} is waiting. Nothing was changed.`);
});
