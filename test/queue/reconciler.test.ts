import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createSettableClock, memoryControlStore, memoryWakeQueue } from '#adapters/memory';
import { RequestId } from '#core';
import { createReconciler, enqueue } from '#queue';
import { defineWorkflow, dueRuns, notYet, openJournal } from '#workflow';

const run = (number: number) => RequestId.parse(`R-${number}`);

function world() {
  const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
  const wake = memoryWakeQueue();
  const due = new Set<RequestId>();
  const claims: RequestId[] = [];
  const open = new Map<RequestId, (error?: Error) => void>();
  let [now, most] = [0, 0];
  const troubles: string[] = [];
  const reconciler = createReconciler({
    wake,
    due: async () => [...due],
    claim: (id) =>
      new Promise((resolve, reject) => {
        claims.push(id);
        now += 1;
        most = Math.max(most, now);
        open.set(id, (error) => {
          now -= 1;
          if (error) reject(error);
          else resolve();
        });
      }),
    clock,
    sweepEveryMs: 1000,
    atOnce: 3,
    onTrouble: (what) => void troubles.push(what),
  });
  return { clock, wake, due, claims, open, reconciler, troubles, most: () => most };
}

describe('the reconciler', () => {
  it('claims a run on its wake, and by the sweep when no wake came', async () => {
    const { clock, wake, due, claims, reconciler } = world();
    await reconciler.start();
    await wake.wake({ job: 'backup', runId: 'R-1' });
    await clock.advance(1);
    expect(claims).toEqual(['R-1']);
    wake.setAlive(false);
    due.add(run(2));
    await clock.advance(1000);
    expect(claims).toEqual(['R-1', 'R-2']);
    await reconciler.stop();
  });

  it('never carries a run twice at once, and looks again after a wake that came meanwhile', async () => {
    const { clock, wake, due, claims, open, reconciler } = world();
    due.add(run(1));
    await reconciler.start();
    await clock.advance(5000);
    await wake.wake({ job: 'backup', runId: 'R-1' });
    await clock.advance(5000);
    expect(claims).toEqual(['R-1']);
    due.clear();
    open.get(run(1))?.();
    await clock.advance(10);
    expect(claims).toEqual(['R-1', 'R-1']);
    await reconciler.stop();
  });

  it('carries no more at once than it may, and none is forgotten', async () => {
    const { clock, wake, claims, open, reconciler, most } = world();
    await reconciler.start();
    for (let number = 1; number <= 10; number += 1) await wake.wake({ job: 'backup', runId: `R-${number}` });
    await clock.advance(10);
    expect(reconciler.carried()).toHaveLength(3);
    for (let number = 1; number <= 10; number += 1) {
      open.get(run(number))?.();
      await clock.advance(1);
    }
    expect(new Set(claims).size).toBe(10);
    expect(most()).toBe(3);
    await reconciler.stop();
  });

  it('goes on after a run that failed, a sweep that failed and a wake that is none', async () => {
    const { clock, wake, due, claims, open, reconciler, troubles } = world();
    await reconciler.start();
    await wake.wake({ job: 'backup', runId: '../../etc/passwd' });
    await wake.wake({ job: 'backup', runId: 'R-1' });
    await clock.advance(1);
    open.get(run(1))?.(new Error('lost the store'));
    due.add(run(2));
    await clock.advance(1000);
    expect(claims).toEqual(['R-1', 'R-2']);
    expect(troubles).toEqual(['R-1 was left for the next worker']);
    await reconciler.stop();
    due.add(run(3));
    await clock.advance(5000);
    expect(claims).toHaveLength(2);
  });
});

describe('enqueue', () => {
  const workflow = defineWorkflow<object>()('count', { input: z.object({ upTo: z.number() }) })
    .step('count', {
      output: z.number(),
      says: () => ({ todo: 'Count', done: 'counted' }),
      observe: async () => notYet,
      run: async ({ input }) => input.upTo,
      timeoutMs: 1000,
      retry: { times: 0, everyMs: 0 },
    })
    .build();
  const job = { name: 'count', workflow };

  it('writes the run first, once, and does not need the queue', async () => {
    const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
    const journal = openJournal(memoryControlStore(clock));
    const wake = memoryWakeQueue();
    wake.setAlive(false);
    const onQueueDown = vi.fn();
    const parts = { journal, wake, at: clock.now(), onQueueDown };
    await enqueue(job, { upTo: 3 }, run(1), parts);
    await enqueue(job, { upTo: 3 }, run(1), parts);
    // @ts-expect-error a payload of another job does not compile, and is refused should it come even so
    await expect(enqueue(job, { to: 'us-west-2' }, run(2), parts)).rejects.toMatchObject({ kind: 'bug' });
    expect((await dueRuns(journal, 10)).map(({ id }) => id)).toEqual(['R-1']);
    expect(onQueueDown).toHaveBeenCalledTimes(2);
  });
});
