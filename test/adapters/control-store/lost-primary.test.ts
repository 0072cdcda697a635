import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONTROL_SET, type ControlConnection, openControlStore } from '#adapters/control-store';
import { changeRecord } from '#ports';
import { type ReplicaSet, startReplicaSet, until } from '#sandbox/servers';

const Note = z.object({ id: z.string(), number: z.number() });

/** Waited for: whoever has the higher priority takes the place back some time after it returned. */
async function primaryOf(set: ReplicaSet) {
  const client = new MongoClient(set.uri('root'));
  try {
    return await until('the set has a primary', async () => {
      const { primary } = await client.db('admin').command({ hello: 1 });
      return set.members.find((member) => member.host === primary);
    });
  } finally {
    await client.close();
  }
}

describe('the control store when its primary is lost', () => {
  let set: ReplicaSet;
  let connection: ControlConnection;

  beforeAll(async () => {
    set = await startReplicaSet({
      name: 'control',
      members: ['us-east-1', 'us-west-2', 'eu-west-1'].map((region, index) => ({
        name: region,
        region,
        priority: index === 0 ? 2 : 1,
      })),
      ...CONTROL_SET,
    });
    connection = openControlStore({ uri: set.uri('root') });
  });
  afterAll(async () => {
    await connection.close();
    await set.stop();
  });

  /** Writes without a pause until told to end, takes the primary away after a second, and tells what came of it. */
  async function writeWhile(name: string, signal: 'SIGKILL' | 'SIGSTOP') {
    const notes = connection.store.records(name, Note, { unique: ['number'] });
    await notes.insert({ id: 'count', number: -1 });
    const acknowledged: number[] = [];
    let [changes, longestMs, ending, number] = [0, 0, false, 0];
    const timed = async (work: () => Promise<unknown>) => {
      const startedAt = performance.now();
      await work();
      longestMs = Math.max(longestMs, performance.now() - startedAt);
    };
    const insert = async () => {
      number += 1;
      const mine = number;
      await notes.insert({ id: `n${mine}`, number: mine });
      acknowledged.push(mine);
    };
    const change = async () => {
      await changeRecord(notes, 'count', (current) => ({ ...current, number: current.number - 1 }));
      changes += 1;
    };
    const forever = async (work: () => Promise<void>) => {
      while (!ending) await timed(work);
    };
    const writers = [forever(insert), forever(insert), forever(change), forever(change)];
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const primary = await primaryOf(set);
    primary.kill(signal);
    const killedAfter = acknowledged.length;
    await until('writes go on with another primary', async () => acknowledged.length > killedAfter + 20, {
      withinMs: 20_000,
    });
    if (signal === 'SIGSTOP') primary.kill('SIGCONT');
    else await primary.restart();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    ending = true;
    await Promise.all(writers);
    const kept = new Set((await notes.find({ limit: 100_000 })).map(({ value }) => value.number));
    return {
      killedAfter,
      acknowledged: acknowledged.length,
      lost: acknowledged.filter((each) => !kept.has(each)),
      changes,
      counted: -1 - ((await notes.get('count'))?.value.number ?? 0),
      longestMs,
    };
  }

  it.each(['SIGSTOP', 'SIGKILL'] as const)(
    '%s: every acknowledged write is there, each change counted once, no call failed',
    async (signal) => {
      const result = await writeWhile(signal.toLowerCase(), signal);
      expect(result.killedAfter).toBeGreaterThan(10);
      expect(result.acknowledged).toBeGreaterThan(result.killedAfter + 20);
      expect(result.lost).toEqual([]);
      expect(result.counted).toBe(result.changes);
      expect(result.longestMs).toBeLessThan(10_000);
    },
  );
});
