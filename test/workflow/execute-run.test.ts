import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DrError, RequestId, systemClock } from '#core';
import {
  createRun,
  defineWorkflow,
  demandClose,
  demandGoOn,
  demandHold,
  demandStop,
  executeRun,
  notYet,
  openLocks,
} from '#workflow';
import { john, permanent, R1, R2, type SpringWorld, springBench, springWorkflow, transient } from './spring.ts';

const ALL_ON = ['on fence', 'on promote', 'on scale', 'on tell'];

describe('a run', () => {
  test('does its steps in order, journals each and tells each once', async () => {
    const bench = await springBench();
    expect(await bench.run()).toBe('done');
    expect(bench.world.effects).toEqual(ALL_ON);
    expect(bench.told()).toEqual([
      'started',
      'step-done fence',
      'step-done promote',
      'step-done scale',
      'step-done tell',
      'ended',
    ]);
    expect((await bench.record())?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  });

  test('that is over is left alone, however often a worker is woken for it', async () => {
    const bench = await springBench();
    await bench.run();
    expect(await bench.run()).toBe('done');
    expect(bench.world.effects).toEqual(ALL_ON);
  });

  test('is carried by one worker at a time', async () => {
    const bench = await springBench();
    let second: unknown;
    bench.world.interfere = async (what) => {
      if (what === 'before promote') second = await executeRun(springWorkflow, R1, bench.deps());
    };
    expect(await bench.run()).toBe('done');
    expect(second).toBe('busy');
  });

  test('tries a step again after a passing fault, and asks the world first, so the effect happens once', async () => {
    const bench = await springBench();
    let failures = 0;
    bench.world.interfere = (what) => {
      if (what === 'after promote' && failures++ === 0) throw transient;
    };
    expect(await bench.run()).toBe('done');
    expect(bench.world.effects).toEqual(ALL_ON);
  });

  test('shows what a step is tried again for, tells it once after a minute, and forgets it when the step is done', async () => {
    const bench = await springBench();
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
    const shown: unknown[] = [];
    bench.world.interfere = async (what) => {
      if (what !== 'before promote') return;
      shown.push((await bench.record())?.steps[1]?.progress?.text.join(' '));
      aheadMs += 61_000;
      if (shown.length < 3) throw transient;
    };
    expect(await bench.run(R1, { clock })).toBe('done');
    expect(shown).toEqual([undefined, undefined, expect.stringMatching(/^tried 2 times since .* No answer\.$/)]);
    const troubles = bench.events.filter(({ kind }) => kind === 'step-trouble');
    expect(troubles).toMatchObject([{ step: 'promote', position: 2, message: 'No answer.' }]);
    expect((await bench.record())?.steps[1]?.progress).toBeUndefined();
  });

  test('that can not be put back for a passing fault shows and tells that too', async () => {
    const bench = await springBench();
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
    const shown: unknown[] = [];
    bench.world.interfere = async (what) => {
      if (what === 'after promote') throw permanent;
      if (what !== 'undo promote') return;
      shown.push((await bench.record())?.steps[1]?.progress?.text.join(' '));
      aheadMs += 61_000;
      if (shown.length < 3) throw transient;
    };
    expect(await bench.run(R1, { clock })).toBe('failed');
    expect(shown).toEqual([undefined, undefined, expect.stringMatching(/^tried 2 times since .* No answer\.$/)]);
    const troubles = bench.events.filter(({ kind }) => kind === 'step-trouble');
    expect(troubles).toMatchObject([{ step: 'promote', undoing: true, message: 'No answer.' }]);
    expect(await bench.record()).toMatchObject({ putBack: true });
    expect((await bench.record())?.steps[1]?.progress).toBeUndefined();
  });

  test('that fails before the forward step puts everything back, backwards', async () => {
    const bench = await springBench();
    bench.world.interfere = (what) => {
      if (what === 'after promote') throw permanent;
    };
    expect(await bench.run()).toBe('failed');
    expect(bench.world.effects).toEqual(['on fence', 'on promote', 'off promote', 'off fence']);
    expect(await bench.record()).toMatchObject({ putBack: true, failure: { code: 'CLUSTER_REFUSED' } });
  });

  test('that fails from the forward step on stays where it is, and goes on when its step is tried again', async () => {
    const bench = await springBench();
    bench.world.interfere = (what) => {
      if (what === 'before scale') throw permanent;
    };
    expect(await bench.run()).toBe('failed');
    expect(bench.world.effects).toEqual(['on fence', 'on promote']);
    bench.world.interfere = () => undefined;
    await demandGoOn(bench.journal, R1);
    expect(await bench.run()).toBe('done');
    expect(bench.world.effects).toEqual(ALL_ON);
  });

  test('takes a failed step as done that somebody finished by hand', async () => {
    const bench = await springBench();
    bench.world.interfere = (what) => {
      if (what === 'before scale') throw permanent;
    };
    await bench.run();
    bench.world.on.add('scale');
    await demandGoOn(bench.journal, R1);
    expect(await bench.run()).toBe('done');
    expect(bench.world.effects).toEqual(['on fence', 'on promote', 'on tell']);
  });

  test('fails a step that outlives its time, also one that ignores its signal', async () => {
    const bench = await springBench();
    bench.world.interfere = (what) => (what === 'before scale' ? new Promise<void>(() => undefined) : undefined);
    expect(await bench.run()).toBe('failed');
    expect((await bench.record())?.failure).toMatchObject({ code: 'STEP_TIMEOUT' });
  });

  test('whose undo fails ends as failed and not put back, so that somebody looks', async () => {
    const bench = await springBench();
    bench.world.interfere = (what) => {
      if (what === 'before promote' || what === 'undo fence') throw permanent;
    };
    expect(await bench.run()).toBe('failed');
    expect(await bench.record()).toMatchObject({
      putBack: false,
      failure: { message: expect.stringContaining('Putting back "fence" failed') },
    });
  });
});

describe('people', () => {
  test('hold a run after the present step, and let it go on', async () => {
    const bench = await springBench();
    bench.world.interfere = async (what) => {
      if (what === 'before promote') await demandHold(bench.journal, R1, john);
    };
    expect(await bench.run()).toBe('held');
    expect(bench.world.effects).toEqual(['on fence', 'on promote']);
    await demandGoOn(bench.journal, R1);
    expect(await bench.run()).toBe('done');
    expect(bench.told()).toContain('held');
  });

  test('stop a run in the middle of a step, and it puts back at once', async () => {
    const bench = await springBench();
    bench.world.interfere = async (what, signal) => {
      if (what !== 'after promote') return;
      await demandStop(bench.journal, R1, john);
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const slow = { ...springWorkflow, steps: springWorkflow.steps.map((step) => ({ ...step, timeoutMs: 20_000 })) };
    expect(await executeRun(slow, R1, bench.deps())).toBe('stopped');
    expect(bench.world.effects).toEqual(['on fence', 'on promote', 'off promote', 'off fence']);
  });

  test('can not stop a run any more once it only goes forward', async () => {
    const bench = await springBench();
    bench.world.interfere = async (what) => {
      if (what === 'before scale') await demandStop(bench.journal, R1, john);
    };
    expect(await bench.run()).toBe('done');
  });

  test('are told when there is nothing to hold, stop or go on with', async () => {
    const bench = await springBench();
    await bench.run();
    for (const demand of [demandHold, demandStop, demandClose]) {
      await expect(demand(bench.journal, R1, john)).rejects.toMatchObject({ code: 'WRONG_STATE', kind: 'user' });
    }
    await expect(demandGoOn(bench.journal, R1)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});

describe('one movement at a time', () => {
  test('a second run is refused while the first is under way, and nothing of it happens', async () => {
    const bench = await springBench();
    let second: unknown;
    bench.world.interfere = async (what) => {
      if (what === 'after fence') second = await executeRun(springWorkflow, R2, bench.deps());
    };
    expect(await bench.run(R1)).toBe('done');
    expect(second).toBe('refused');
    expect((await bench.record(R2))?.failure).toMatchObject({ code: 'LOCKED' });
    expect(bench.world.effects).toEqual(ALL_ON);
  });

  test('a failed run keeps the lock until somebody closes it', async () => {
    const bench = await springBench();
    bench.world.interfere = (what) => {
      if (what === 'before scale') throw permanent;
    };
    await bench.run(R1);
    await demandClose(bench.journal, R1, john);
    await bench.run(R1);
    bench.world.interfere = () => undefined;
    bench.world.on.clear();
    expect(await bench.run(R2)).toBe('done');
  });
});

describe('a run that leaves nothing half done', () => {
  let reads = 0;
  let broken = true;
  const reading = defineWorkflow<SpringWorld>()('reading', { input: z.object({}), exclusive: 'reading' })
    .step('read', {
      output: z.object({}),
      says: () => ({ todo: 'Read', done: 'read' }),
      observe: async () => notYet,
      run: async () => {
        reads += 1;
        if (broken) throw permanent;
        return {};
      },
      timeoutMs: 300,
      retry: { times: 0, everyMs: 1 },
    })
    .build();

  test('lets the next one run when it failed, and waits for its turn when it is told to go on meanwhile', async () => {
    const bench = await springBench();
    const ids = [31, 32, 33].map((number) => RequestId.parse(`R-${number}`));
    for (const id of ids) await createRun(bench.journal, { id, workflow: reading, input: {}, at: john.at });
    const [failed, next, last] = ids as [RequestId, RequestId, RequestId];
    const carry = (id: RequestId) => executeRun(reading, id, bench.deps());
    expect(await carry(failed)).toBe('failed');
    broken = false;
    expect(await carry(next)).toBe('done');
    await openLocks(bench.store).insert({ id: 'reading', run: last });
    await demandGoOn(bench.journal, failed);
    await expect(carry(failed)).rejects.toMatchObject({ code: 'LOCKED' });
    expect(await carry(last)).toBe('done');
    expect(await carry(failed)).toBe('done');
    expect(reads).toBe(4);
  });
});

describe('before the first step', () => {
  test('a preview that no longer holds refuses the run, and nothing was changed', async () => {
    const bench = await springBench();
    const beforeStart = async () => {
      throw new DrError('PREVIEW_VOID', 'user', 'us-west-2 fell 48 s behind.');
    };
    expect(await bench.run(R1, { beforeStart })).toBe('refused');
    expect(bench.world.effects).toEqual([]);
  });

  test('a passing fault while checking leaves the run waiting for the next sweep', async () => {
    const bench = await springBench();
    const beforeStart = async () => {
      throw transient;
    };
    await expect(bench.run(R1, { beforeStart })).rejects.toBe(transient);
    expect(await bench.record()).toMatchObject({ state: 'waiting', due: true });
    expect(await bench.run(R1)).toBe('done');
  });
});
