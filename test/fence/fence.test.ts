import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryRegionLeases } from '#adapters/memory';
import { Region, RequestId } from '#core';
import { createFence, type FenceOptions } from '#fence';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const run = (number: number): RequestId => RequestId.parse(`R-${number}`);
const never = new AbortController().signal;
const TTL = 6_000;
const MARGIN = 2_000;

/** A fence over leases that one instance in the east renews. */
async function company(change: Partial<FenceOptions> = {}) {
  const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
  const leases = memoryRegionLeases(TTL);
  const options: FenceOptions = { leases, regions: [EAST, WEST], marginMs: MARGIN, clock, ...change };
  await leases.open(EAST, undefined);
  await leases.renew(EAST, 'pod-1');
  /** Another process of Holdfast, which has seen nothing yet. */
  const another = () => createFence(options);
  return { clock, leases, fence: another(), another, renew: () => leases.renew(EAST, 'pod-1') };
}

describe('the fence', () => {
  it('is proved at once when nobody has been seen to renew for longer than a lease and the margin', async () => {
    const { clock, leases, fence } = await company();
    await fence.watch();
    await clock.advance(TTL + MARGIN);
    expect(await fence.look(EAST)).toMatchObject({ standing: 'proved', waitMs: 0, silentMs: 8_000, lease: 'open' });
    expect(await fence.prove(EAST, run(7), never)).toEqual({ by: 'lease-ended', fence: 2, silentMs: 8_000 });
    expect(await leases.read(EAST)).toMatchObject({ state: 'closed', run: 'R-7' });
  });

  it('waits the whole time after the close while instances still renew', async () => {
    const { clock, leases, fence, renew } = await company();
    await fence.watch();
    await clock.advance(7_900);
    await renew();
    expect(await fence.look(EAST)).toMatchObject({ standing: 'waits', waitMs: 8_000, silentMs: 0 });
    let proof: unknown;
    void fence.prove(EAST, run(7), never).then((each) => {
      proof = each;
    });
    await clock.advance(7_999);
    expect(await leases.read(EAST)).toMatchObject({ state: 'closed' });
    expect(await renew()).toEqual({ granted: false });
    expect(proof).toBeUndefined();
    await clock.advance(1);
    expect(proof).toEqual({ by: 'lease-ended', fence: 2, silentMs: 8_000 });
  });

  it('counts silence that it had seen before the close', async () => {
    const { clock, fence } = await company();
    await fence.watch();
    await clock.advance(5_000);
    let proved = false;
    void fence.prove(EAST, run(7), never).then(() => {
      proved = true;
    });
    await clock.advance(2_999);
    expect(proved).toBe(false);
    await clock.advance(1);
    expect(proved).toBe(true);
  });

  it('does not take a close for proof in which somebody renewed meanwhile', async () => {
    const { clock, leases, fence, renew } = await company({});
    await fence.watch();
    await clock.advance(20_000);
    const close = leases.close;
    // the renewal comes between its look and its close
    leases.close = async (...args) => {
      leases.close = close;
      await renew();
      return close(...args);
    };
    let proved = false;
    void fence.prove(EAST, run(7), never).then(() => {
      proved = true;
    });
    await clock.advance(7_999);
    expect(proved).toBe(false);
    await clock.advance(1);
    expect(proved).toBe(true);
  });

  it('is waited for anew by a worker that takes over, unless that one has watched too', async () => {
    const { clock, fence, another } = await company();
    const [knows, fresh] = [another(), another()];
    await Promise.all([fence.watch(), knows.watch()]);
    const given = new AbortController();
    const ended = fence.prove(EAST, run(7), given.signal).catch(() => 'aborted');
    await clock.advance(7_000);
    given.abort();
    expect(await ended).toBe('aborted');
    let [byKnowing, byFresh] = [0, 0];
    const startMs = clock.monotonicMs();
    void knows.prove(EAST, run(7), never).then(() => {
      byKnowing = clock.monotonicMs() - startMs;
    });
    void fresh.prove(EAST, run(7), never).then(() => {
      byFresh = clock.monotonicMs() - startMs;
    });
    await clock.advance(20_000);
    expect([byKnowing, byFresh]).toEqual([1_000, 8_000]);
  });

  it('waits as long as leases were granted for, whatever its own plan says', async () => {
    const { clock, leases } = await company();
    await leases.close(EAST, run(1));
    const kept = new Map([[EAST, { ...(await leases.open(EAST, run(2))), ttlMs: 30_000, instances: ['pod-1'] }]]);
    const fence = createFence({ leases: memoryRegionLeases(TTL, kept), regions: [EAST], marginMs: MARGIN, clock });
    expect(await fence.look(EAST)).toMatchObject({ standing: 'waits', waitMs: 32_000 });
  });

  it('is not proved without a lease in use, says what is missing, and leaves the lease as it is', async () => {
    const without = await company({ leases: undefined });
    expect(await without.fence.look(EAST)).toMatchObject({ standing: 'not-provable', silentMs: undefined });
    await expect(without.fence.prove(EAST, run(7), never)).rejects.toMatchObject({
      ...{ code: 'FENCE_NOT_PROVED', kind: 'permanent' },
      message: 'us-east-1 may still take writes: the plan has no region leases. Nothing was changed.',
    });
    const unused = await company();
    await unused.leases.open(WEST, run(1));
    expect((await unused.fence.look(WEST)).reasons[0]).toMatch(/^no instance in us-west-2 has renewed/);
    await expect(unused.fence.prove(WEST, run(7), never)).rejects.toThrow('may still take writes');
    expect(await unused.leases.read(WEST)).toMatchObject({ state: 'open', fence: 1 });
  });

  it('is proved by members that are all held, and closes the lease all the same', async () => {
    const { leases, fence } = await company({ membersStopped: async () => ['east-1', 'east-2'] });
    expect(await fence.look(EAST)).toMatchObject({ standing: 'proved', reasons: ['east-1, east-2 stopped and held'] });
    expect(await fence.prove(EAST, run(7), never)).toEqual({ by: 'members-stopped', hosts: ['east-1', 'east-2'] });
    expect(await leases.read(EAST)).toMatchObject({ state: 'closed' });
  });

  it('takes machines that do not answer for machines whose members may run', async () => {
    const { fence } = await company({ membersStopped: async () => Promise.reject(new Error('no answer')) });
    expect(await fence.look(EAST)).toMatchObject({ standing: 'waits' });
  });

  it('shows who still answers to whom, also when it is proved', async () => {
    const answering = async () => [{ host: 'east-2', to: WEST }];
    const { clock, fence } = await company({ answering });
    await fence.watch();
    await clock.advance(9_000);
    expect(await fence.look(EAST)).toEqual({
      ...{ region: EAST, standing: 'proved', waitMs: 0, silentMs: 9_000, lease: 'open' },
      answering: [{ host: 'east-2', to: WEST }],
      reasons: ['nobody there has been seen to renew its lease for 9.0 s', 'east-2 still answers to us-west-2'],
    });
  });

  it('is not proved when somebody opens the lease while it waits', async () => {
    const { clock, leases, fence } = await company();
    const proving = fence.prove(EAST, run(7), never).catch((error: unknown) => error);
    await clock.advance(4_000);
    await leases.open(EAST, run(8));
    await clock.advance(10_000);
    expect(await proving).toMatchObject({
      ...{ code: 'FENCE_NOT_PROVED', message: 'The lease of us-east-1 was opened again by R-8.' },
    });
  });

  it('closes nothing for a worker that was told to end', async () => {
    const { leases, fence } = await company();
    await expect(fence.prove(EAST, run(7), AbortSignal.abort(new Error('lease lost')))).rejects.toThrow('lease lost');
    expect(await leases.read(EAST)).toMatchObject({ state: 'open' });
  });

  it('opens and closes in a run, twice as once, and does nothing where the plan has no leases', async () => {
    const { leases, fence } = await company();
    for (let n = 0; n < 2; n += 1) await fence.open(WEST, run(7));
    for (let n = 0; n < 2; n += 1) await fence.close(EAST, run(7));
    expect(await leases.read(WEST)).toMatchObject({ state: 'open', fence: 1 });
    expect(await leases.read(EAST)).toMatchObject({ state: 'closed', fence: 2 });
    const without = await company({ leases: undefined });
    await without.fence.open(WEST, run(7));
    await without.fence.close(EAST, run(7));
    await without.fence.watch();
  });
});
