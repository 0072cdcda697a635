import { DrError, repeat } from '#core';
import type { Lease } from '#ports';
import { writeCaptureState } from './capture-state.ts';
import { captureTimelines } from './capture-timelines.ts';
import { openCaptureView } from './capture-view.ts';
import type { CaptureWorld } from './capture-world.ts';
import { spreadMissed } from './spread-missed.ts';

const WATCH_MS = 1_000;
const SPREAD_MS = 60_000;
/** A member that is so far behind what the primary said is left for another, in ms. */
const STALE_MS = 15_000;

/**
 * Captures until the lease is lost or `signal` ends it, with what goes on beside: the lease is kept, the distance to the
 * servers measured, where capture stands written down, and what a region missed copied to it. Throws what can't be tried
 * again under this lease.
 */
export async function captureUnderLease(
  world: CaptureWorld,
  lease: Lease,
  ttlMs: number,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const lost = (): void => ended.abort(new DrError('LEASE_LOST', 'transient', 'Another process captures now.'));
  const view = openCaptureView(world.clock);
  // none of these may end the capture: each is done again a moment later
  const around = { clock: world.clock, signal: until, onFailure: () => undefined };
  const beside = [
    repeat(WATCH_MS, keepLease(world, lease, ttlMs, lost), around),
    repeat(WATCH_MS, () => measure(view), around),
    repeat(
      WATCH_MS,
      async () => {
        const found = view.state();
        if (!found) return;
        const { holder, store } = world;
        const state = { ...found, id: 'capture', token: lease.token, holder, at: await store.now() } as const;
        if (!(await writeCaptureState(store, state))) lost();
      },
      around,
    ),
    repeat(
      SPREAD_MS,
      async () => {
        if (view.writer) await spreadMissed(world, view.writer.position.timeline);
      },
      around,
    ),
  ];
  try {
    await captureTimelines({ world, token: lease.token, view, signal: until });
  } finally {
    ended.abort();
    await Promise.all(beside);
    view.writer?.close();
    await world.leases.release(lease).catch(() => undefined);
  }
}

/** A store that does not answer gives the lease to nobody else either; and two at once would harm nothing. */
function keepLease(world: CaptureWorld, first: Lease, ttlMs: number, lost: () => void): () => Promise<void> {
  let lease = first;
  return async () => {
    const renewed = await world.leases.renew(lease, ttlMs);
    if (renewed) lease = renewed;
    else lost();
  };
}

async function measure(view: ReturnType<typeof openCaptureView>): Promise<void> {
  const { source, writer } = view;
  if (!source || !writer) return;
  view.behind.look(await source.majorityTime());
  if (!view.trouble && view.behind.isStale(writer.reached.time, STALE_MS)) {
    view.leaveSource(new DrError('DATABASE_UNAVAILABLE', 'transient', 'The member stands still.'));
  }
}
