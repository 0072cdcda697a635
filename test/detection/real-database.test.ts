import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCanary, openMemberDisks, openMemberLoads, openReplicaSet } from '#adapters/mongodb';
import { systemClock } from '#core';
import { createRounds, type Probe } from '#detection';
import { createUsers, type ReplicaSet, startReplicaSet } from '#sandbox/servers';
import { canaryLook } from '../../src/detection/looks/canary.ts';
import { disksLook, loginsLook } from '../../src/detection/looks/loads.ts';
import { membersLook, primaryLook } from '../../src/detection/looks/members.ts';
import { EAST } from './reports.ts';

const WITHIN_MS = 1_000;
const see = (probe: Probe) => probe.run(new AbortController().signal);

describe('a real database', () => {
  let set: ReplicaSet;
  let probes: Record<'members' | 'primary' | 'canary' | 'disk' | 'logins', Probe>;
  const closes: (() => Promise<unknown>)[] = [];
  const keep = <T extends { close(): Promise<unknown> }>(thing: T): T => {
    closes.push(() => thing.close());
    return thing;
  };
  beforeAll(async () => {
    set = await startReplicaSet({ name: 'seen', members: [{ name: 'east-1', region: EAST, priority: 1 }] });
    await createUsers({ rootUri: set.uri('root'), keyText: set.key.text, databases: ['eld'] });
    // as in production: with the rights of our own user and no others
    const uri = set.uri('holdfast');
    const replicaSet = keep(openReplicaSet({ uri }));
    const disks = keep(openMemberDisks({ uri, databases: ['eld'] }));
    const loads = keep(openMemberLoads({ uri }));
    const canary = keep(openCanary({ uri, database: 'holdfast_canary' }));
    const root = new MongoClient(set.uri('root'));
    await root.db('eld').collection('logs').insertOne({ a: 1 });
    await root.close();
    const probe = (name: string, run: Probe['run']): Probe => ({
      ...{ name, check: 'database_connectivity', region: EAST, subject: 'database', speaksFor: 'check', run },
    });
    probes = {
      members: probe('members', membersLook(replicaSet.look, EAST)),
      primary: probe('primary', primaryLook(replicaSet.look)),
      canary: probe('canary', canaryLook(canary, systemClock)),
      disk: probe('disk', disksLook(disks.room, 0)),
      logins: probe(
        'logins',
        loginsLook(loads.look, 30, () => systemClock.monotonicMs()),
      ),
    };
  });
  afterAll(async () => {
    await Promise.all(closes.map((close) => close()));
    await set.stop();
  });

  it('that works is well in every look, with the rights of our user', async () => {
    for (const name of ['members', 'primary', 'canary', 'disk'] as const) {
      const seen = await see(probes[name]);
      expect(seen, name).toMatchObject({ state: 'well' });
    }
  });

  it('that refuses a stranger again and again looks like an attack', async () => {
    await see(probes.logins);
    const wrong = set.uri('holdfast').replace(/:[^:@]*@/, ':wrong@');
    for (let count = 0; count < 3; count += 1) {
      const stranger = new MongoClient(wrong, { serverSelectionTimeoutMS: 1_500 });
      await expect(stranger.connect()).rejects.toThrow('Authentication failed');
      await stranger.close();
    }
    expect(await see(probes.logins)).toMatchObject({
      state: 'failed',
      what: 'database refuses many logins',
      hostile: true,
      numbers: { failures: 3 },
    });
  });

  it('that is frozen has failed at the deadline, rounds do not pile up, and it is seen again when it thaws', async () => {
    const all = [probes.members, probes.primary, probes.canary];
    const rounds = createRounds({ probes: all, withinMs: WITHIN_MS, clock: systemClock });
    set.member('east-1').kill('SIGSTOP');
    try {
      for (let turn = 0; turn < 3; turn += 1) {
        const startMs = performance.now();
        const seen = await rounds.round();
        expect(performance.now() - startMs).toBeLessThan(WITHIN_MS + 3_000);
        expect(seen.map(({ result }) => result.state)).toEqual(['failed', 'failed', 'failed']);
        expect(rounds.open()).toBeLessThanOrEqual(all.length);
      }
    } finally {
      set.member('east-1').kill('SIGCONT');
    }
    const states = async () => (await rounds.round()).map(({ result }) => result.state);
    await expect.poll(states, { timeout: 15_000 }).toEqual(['well', 'well', 'well']);
    expect(rounds.open()).toBe(0);
  });
});
