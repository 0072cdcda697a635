import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, MongoClient, Timestamp } from 'mongodb';
import { compareOplogTimes, type OplogTime } from '#ports';
import { createAwsWorld, startMoto, startReplicaSet, until } from '#sandbox/servers';
import { type BenchCase, type Figures, secondsSince } from '../bench-case.ts';
import type { CaptureOrder } from '../run-capture.ts';
import { startCapture } from '../start-capture.ts';

const WRITES_PER_SECOND = 2_000;
/** Documents that go to the server in one command; each is an entry of its own. */
const BATCH = 20;
const SECONDS = 20;
const UNPACED_SECONDS = 8;

/**
 * How long a write waits until two regions hold it, at 2,000 writes a second on three members: `p50s` and `p99s` from
 * the acknowledgement. Floor: the same writes until another connection's own tail of the oplog has read them by majority,
 * which whoever captures must at least wait for. `costPercent`: what capture takes of the throughput of writers that never pause.
 */
export const captureLagCase: BenchCase = {
  name: 'capture-lag',
  async measure({ scale, say }) {
    const members = ['east-1', 'east-2', 'west-1'].map((name) => ({
      name,
      region: name.startsWith('east') ? 'us-east-1' : 'us-west-2',
      priority: name === 'east-1' ? 2 : 1,
    }));
    const set = await startReplicaSet({ name: 'bench', members });
    const moto = await startMoto();
    const uri = set.uri('root');
    const client = await new MongoClient(uri).connect();
    let capture: ChildProcess | undefined;
    try {
      const world = await createAwsWorld({ endpoint: moto.endpoint, prefix: 'bench', zone: 'bench.example' });
      const writes = client.db('eld').collection('writes');
      const alone = await unpaced(writes, UNPACED_SECONDS * scale);
      say(`without capture: ${Math.round(alone)} writes/s`);
      const order: CaptureOrder = { uri, endpoint: moto.endpoint, world };
      const started = startCapture(order);
      capture = started.process;
      const { lines } = started;
      await until('capture has begun', async () => {
        await writes.insertOne({ begins: true });
        return lines.length > 0;
      });
      const { made, tail } = await paced(client, writes, SECONDS * scale);
      await until('all of it is durable', async () => {
        const last = made.at(-1);
        return last !== undefined && lines.some(({ through }) => compareOplogTimes(through, last.time) >= 0);
      });
      const ours = lagsOf(made, lines);
      const floor = lagsOf(made, tail);
      say(`${made.length * BATCH} writes paced: p99 ${ours.p99s} s; a bare tail p99 ${floor.p99s} s`);
      const beside = await unpaced(writes, UNPACED_SECONDS * scale);
      say(`with capture: ${Math.round(beside)} writes/s`);
      const costPercent = Number(((1 - beside / alone) * 100).toFixed(1));
      const rssMB = Math.max(...lines.map((line) => line.rssMB));
      return { ours: { ...ours, costPercent, writesPerSecond: Math.round(beside), rssMB }, floor };
    } finally {
      capture?.kill('SIGKILL');
      await client.close();
      await Promise.all([set.stop(), moto.stop()]);
    }
  },
};

interface Made {
  readonly time: OplogTime;
  readonly at: number;
}

const document = (n: number) => ({ vehicle: `V-${n % 5000}`, speed: n % 120, text: 'x'.repeat(400), at: new Date() });

/** Batches at the agreed rate, and when another connection's tail of the oplog had read them. */
async function paced(client: MongoClient, writes: Collection, seconds: number) {
  const made: Made[] = [];
  const tail: { through: OplogTime; at: number }[] = [];
  const ended = new AbortController();
  const tailing = follow(client, tail, ended.signal);
  const beganMs = performance.now();
  const batches = Math.round((seconds * WRITES_PER_SECOND) / BATCH);
  for (let batch = 0; batch < batches; batch += 1) {
    const dueMs = (batch * BATCH * 1000) / WRITES_PER_SECOND;
    const aheadMs = dueMs - (performance.now() - beganMs);
    if (aheadMs > 0) await sleep(aheadMs);
    const documents = Array.from({ length: BATCH }, (_, n) => document(batch * BATCH + n));
    const answer = await client.db('eld').command({ insert: writes.collectionName, documents });
    const { high: t, low: i } =
      answer['operationTime'] instanceof Timestamp ? answer['operationTime'] : new Timestamp(0n);
    made.push({ time: { seconds: t >>> 0, increment: i >>> 0 }, at: Date.now() });
  }
  await sleep(1_000);
  ended.abort();
  await tailing;
  return { made, tail };
}

async function follow(
  client: MongoClient,
  tail: { through: OplogTime; at: number }[],
  signal: AbortSignal,
): Promise<void> {
  const now = (await client.db('admin').command({ hello: 1 }))['lastWrite'].majorityOpTime.ts;
  const oplog = client.db('local').collection('oplog.rs', { readConcern: { level: 'majority' } });
  const cursor = oplog.find(
    { ts: { $gte: now } },
    { tailable: true, awaitData: true, projection: { ts: 1 }, maxAwaitTimeMS: 500 },
  );
  try {
    while (!signal.aborted) {
      const entry = await cursor.tryNext();
      if (entry)
        tail.push({ through: { seconds: entry['ts'].high >>> 0, increment: entry['ts'].low >>> 0 }, at: Date.now() });
    }
  } finally {
    await cursor.close();
  }
}

function lagsOf(
  made: readonly Made[],
  durable: readonly { readonly through: OplogTime; readonly at: number }[],
): Figures {
  let next = 0;
  const lags = made.map(({ time, at }) => {
    while (next < durable.length - 1 && compareOplogTimes(durable[next]?.through ?? time, time) < 0) next += 1;
    return Math.max(0, (durable[next]?.at ?? Number.POSITIVE_INFINITY) - at) / 1000;
  });
  lags.sort((a, b) => a - b);
  const at = (share: number): number => Number((lags[Math.floor(lags.length * share)] ?? 0).toFixed(3));
  return { seconds: at(0.99), p50s: at(0.5), p99s: at(0.99) };
}

/** Writes a second by writers that never pause. */
async function unpaced(writes: Collection, seconds: number): Promise<number> {
  const beganMs = performance.now();
  let count = 0;
  const writer = async (): Promise<void> => {
    while (performance.now() - beganMs < seconds * 1000) {
      await writes.insertMany(Array.from({ length: BATCH }, (_, n) => document(n)));
      count += BATCH;
    }
  };
  await Promise.all([writer(), writer(), writer(), writer()]);
  return count / secondsSince(beganMs);
}
