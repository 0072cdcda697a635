import { canaryNamespace, openOplogSource } from '#adapters/mongodb';
import { type CaptureEvent, type CaptureWorld, runCapture } from '#capture';
import { at, capital, type Text } from '#core';
import { askOnSchedule, whyItBegins } from '#flows';
import { listBackups } from '#vault';
import type { Holdfast } from './open-holdfast.ts';

/** A segment a second at most: what is at risk is a second or two, for some 86,000 small objects a day until archived. */
const SEGMENT_MS = 1_000;

/** Until long after their hour is archived; the archive is what stays. */
const SEGMENT_LOCK_DAYS = 2;

/** Captures the oplog, or waits to. Returns how to stop; whoever waits then goes on within ten seconds. */
export async function startCapture(holdfast: Holdfast): Promise<() => Promise<void>> {
  const { logger, plan } = holdfast;
  if (!plan.mongodb.continuous.enabled) {
    logger.info('capture is switched off in the plan');
    return async () => undefined;
  }
  const halt = new AbortController();
  const running = runCapture(worldOf(holdfast), halt.signal);
  logger.info('capture ready');
  return async () => {
    halt.abort();
    await running;
  };
}

function worldOf(holdfast: Holdfast): CaptureWorld {
  const { config, flow, store, leases, holder, plan } = holdfast;
  const { vault } = flow.world.backup;
  const uri = config.mongodbUri.reveal();
  const { databases, continuous, continuousWindowDays, objectLock } = plan.mongodb;
  return {
    settings: {
      databases: { include: databases, exclude: [] },
      canary: canaryNamespace(continuous.canary.database),
      durableRegions: Math.min(continuous.durableRegions, vault.stores.length),
      segmentMs: SEGMENT_MS,
      lock: { mode: objectLock, days: Math.min(SEGMENT_LOCK_DAYS, continuousWindowDays) },
    },
    vault,
    store,
    leases,
    clock: flow.clock,
    holder,
    openOplog: (prefer) => openOplogSource({ uri, prefer }),
    newestBackupEnd: async () => {
      const [newest] = (await listBackups(vault, { limit: 1 })).backups;
      return newest && newest.state !== 'UNREADABLE' ? newest.header.window.end : undefined;
    },
    onEvent: (event) => tell(event, holdfast),
  };
}

/** Into the log always, and into the record what breaks a promise; then the backup is asked for that mends it. */
function tell(event: CaptureEvent, { logger, flow }: Holdfast): void {
  if (event.kind === 'leading') logger.info({ timeline: event.timeline }, 'capturing');
  else if (event.kind === 'paused') logger.warn({ why: event.why }, 'capture is paused; it goes on by itself');
  else if (event.kind === 'resumed') logger.info({ afterMs: event.afterMs }, 'capture goes on, nothing was skipped');
  else {
    const { timeline, begins } = event;
    logger.warn({ timeline, begins }, 'a new timeline begins');
    const key = `capture/${timeline}`;
    const telling = async (): Promise<void> => {
      if (begins.reason !== 'first') await append(key, begins, flow);
      // a swap asks for its backup itself, and a first timeline goes on from the newest backup where it can
      if (begins.reason === 'gap' || begins.reason === 'diverged') await askOnSchedule('backup mongodb', key, flow);
    };
    telling().catch((error: unknown) => logger.warn({ err: error }, 'a new timeline could not be told'));
  }
}

type Begins = Extract<CaptureEvent, { kind: 'timeline-begins' }>['begins'];

async function append(id: string, { reason, after }: Begins, flow: Holdfast['flow']): Promise<void> {
  const text: Text = [
    `${capital(whyItBegins[reason])}. Times after `,
    ...(after ? [at(new Date(after.seconds * 1000))] : ['the last captured one']),
    ' can be restored again from the next full backup on. What can be restored: /dr backups --window',
  ];
  await flow.timeline.append({
    id,
    kind: reason === 'swap' ? 'note' : 'alarm',
    actor: 'holdfast',
    text,
    notify: [],
    inThread: false,
    data: { reason, ...(after ? { after } : {}) },
  });
}
