import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { openRestoreTarget } from '#adapters/mongodb';
import { asDrError, type BackupId } from '#core';
import { compareOplogTimes, type OplogTime } from '#ports';
import { until } from '#sandbox/servers';
import { listBackups, listTimelines, type Vault } from '#vault';
import { type Seeded, seeded } from '../e2e/scenarios/seeded.ts';
import { compareAt, type ModelRestore } from './compare.ts';
import { keepLedger } from './ledger.ts';
import { lookAt, type Seen } from './look.ts';
import { vaultAt } from './process/vault-place.ts';
import { type ModelServers, startModelServers } from './servers.ts';
import { makeTrouble, type Trouble } from './trouble.ts';
import { runWorkload } from './workload/run-workload.ts';

export interface ModelRun {
  readonly random: Seeded;
  readonly points: number;
  readonly note: (what: string) => void;
}

const DATABASES = ['eld', 'billing'] as const;
/** Between two looks, on average. */
const LOOK_MS = 900;
/** A run that sees so little was not worth it. */
const LOOKS_WITHIN_MS = 420_000;

/**
 * Everything at once: a workload of every kind of operation, capture, snapshots, and trouble for all of them; then the
 * moments that were looked at, restored and compared. Returns what did not hold, and keeps the folder if anything did not.
 */
export async function runModel({ random, points, note }: ModelRun): Promise<string[]> {
  const servers = await startModelServers(DATABASES);
  note(`in ${servers.dir}`);
  let wrong: string[] = ['the run ended early'];
  try {
    wrong = await withServers(servers, { random, points, note });
  } finally {
    if (wrong.length > 0) note(`kept for a look: ${servers.dir}`);
    await servers.stop({ keep: wrong.length > 0 });
  }
  return wrong;
}

async function withServers(servers: ModelServers, { random, points, note }: ModelRun): Promise<string[]> {
  const { source, target, shaken, gateways, processes } = servers;
  const client = await new MongoClient(source.uri('root'), { serverSelectionTimeoutMS: 20_000 }).connect();
  const writer = await openRestoreTarget({ uri: source.uri('root') });
  const restored = await new MongoClient(target.uri('root')).connect();
  const restoring = await openRestoreTarget({ uri: target.uri('root') });
  const vault = vaultAt(shaken);
  const insertRaw = writer.insert;
  const workload = runWorkload(
    { client, databases: DATABASES, random: seeded(Math.floor(random() * 2 ** 32)), insertRaw, large: true },
    { writers: 4, pauseMs: 25 },
  );
  const ledger = keepLedger(client, DATABASES[0]);
  let trouble: Trouble | undefined;
  try {
    for (const one of processes) await one.start();
    await until('there is a first backup', async () => servers.backups() > 0, { withinMs: 120_000, everyMs: 200 });
    trouble = makeTrouble({ random, set: source, processes, gateways, backups: servers.backups });
    const seen = await lookAround();
    await Promise.all([workload.stop(), ledger.stop()]);
    const last = seen.at(-1)?.at;
    await trouble.onlyRegions();
    note(
      `${JSON.stringify(workload.done())}, ${ledger.acknowledged()} acknowledged one by one; ${JSON.stringify(trouble.counts())}`,
    );
    if (!last) return ['nothing was seen'];
    await until('capture has come to the last look', async () => capturedThrough(last), {
      withinMs: 60_000,
      everyMs: 500,
    });
    for (const one of processes) await one.stop();
    const { timelines } = await listTimelines(vault);
    const wrong = timelines.length === 1 ? [] : [`there are ${timelines.length} timelines`];
    wrong.push(...(await compareAll({ vault, client: restored, target: restoring }, seen)));
    return wrong;
  } finally {
    await Promise.all([workload.stop(), ledger.stop(), trouble?.stop()]);
    await Promise.all([client.close(), restored.close(), writer.close(), restoring.close()]);
  }

  async function lookAround(): Promise<Seen[]> {
    const seen: Seen[] = [];
    const startedMs = performance.now();
    let backups: readonly Ended[] = [];
    for (let looks = 0; performance.now() - startedMs < LOOKS_WITHIN_MS; looks += 1) {
      await sleep(LOOK_MS * 2 * random());
      const one = await workload.still(() => lookAt(client, DATABASES, ledger.acknowledged)).catch(() => undefined);
      if (one) seen.push(one);
      if (looks % 20 !== 0) continue;
      backups = await endsOf(vault).catch(() => backups);
      const usable = reachable(seen, backups);
      note(`${usable.length} of ${points} moments seen, ${backups.length} backups`);
      if (usable.length >= points) return usable.slice(0, points);
    }
    return reachable(seen, backups);
  }

  async function capturedThrough(at: OplogTime): Promise<boolean> {
    const through = (await listTimelines(vault)).timelines.at(-1)?.through;
    return through !== undefined && compareOplogTimes(through, at) >= 0;
  }

  async function compareAll(restore: ModelRestore, seen: readonly Seen[]): Promise<string[]> {
    const backups = await endsOf(vault);
    const kinds = backups.map(({ kind }) => kind);
    note(
      `restoring ${seen.length} moments from ${kinds.filter((kind) => kind === 'full').length} full backups and ${kinds.filter((kind) => kind !== 'full').length} of changes`,
    );
    const queue = seen.map((one, index) => ({ one, index, older: random() < 0.25 }));
    const wrong: string[] = [];
    let done = 0;
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { one, index, older } = next;
        const before = backups.filter(({ end }) => compareOplogTimes(end, one.at) <= 0);
        const from = (older ? before.at(-2) : undefined) ?? before.at(-1);
        if (!from) continue;
        const point = { backup: from.backup, prove: index % 4 === 0, number: index + 1 };
        const found = await patiently(() => compareAt(restore, one, point));
        for (const what of found) note(`NOT AS SEEN ${what}`);
        wrong.push(...found);
        done += 1;
        if (done % 20 === 0) note(`${done} of ${seen.length} restored and compared, ${wrong.length} differences`);
      }
    };
    await Promise.all([lane(), lane()]);
    if (done < seen.length) wrong.push(`${seen.length - done} moments had no backup`);
    return wrong;
  }
}

interface Ended {
  readonly backup: BackupId;
  readonly kind: 'full' | 'incremental';
  readonly end: OplogTime;
}

/** Committed backups in the order of their ends. */
async function endsOf(vault: Vault): Promise<Ended[]> {
  const { backups } = await listBackups(vault, { limit: 500 });
  return backups
    .flatMap((each) => (each.state === 'UNREADABLE' ? [] : [each.header]))
    .map(({ backup, kind, window: { end } }) => ({ backup, kind, end }))
    .sort((a, b) => compareOplogTimes(a.end, b.end));
}

const reachable = (seen: readonly Seen[], [first]: readonly Ended[]): Seen[] =>
  first ? seen.filter(({ at }) => compareOplogTimes(at, first.end) >= 0) : [];

/** As a workflow's step does it: what may pass is tried again. */
async function patiently(work: () => Promise<string[]>): Promise<string[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.kind !== 'transient' || tries === 8) return [`a restore ended with ${error.code}: ${error.message}`];
      await sleep(1_500);
    }
  }
}
