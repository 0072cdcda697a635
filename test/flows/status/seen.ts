import type { CaptureState, RpoRecord } from '#capture';
import { Region, RequestId } from '#core';
import type { Fact, Surroundings } from '#flows';
import type { Member } from '#ports';
import { ManifestHeader } from '#vault';

export const EAST = Region.parse('us-east-1');
export const WEST = Region.parse('us-west-2');
export const NOW = new Date('2026-11-23T08:12:00Z');

export const known = <T>(value: T): Fact<T> => ({ known: true, value, tookMs: 3 });
export const unknown = (why = 'no answer in 1.6 s'): Fact<never> => ({ known: false, why });

export function member(host: string, region: Region, change: Partial<Member> = {}): Member {
  return {
    host,
    region,
    votes: 1,
    priority: 1,
    state: 'secondary',
    writable: false,
    blocked: false,
    applied: undefined,
    appliedAt: NOW,
    seesPrimary: 'east-1',
    ...change,
  };
}

export const members: readonly Member[] = [
  member('east-1', EAST, { state: 'primary', writable: true }),
  member('east-2', EAST),
  member('west-1', WEST, { appliedAt: new Date(NOW.getTime() - 400) }),
];

export const view = (of: readonly Member[]) =>
  known({ name: 'eld', configVersion: 3, heartbeatMs: 2_000, catchUpMs: -1, members: of });

export const capturing = (change: Partial<CaptureState> = {}): CaptureState => ({
  id: 'capture',
  token: 3,
  holder: 'capture-us-west-2-812',
  at: new Date(NOW.getTime() - 900),
  position: { timeline: 1, through: { seconds: NOW.getTime() / 1000 - 2, increment: 4 }, term: 3, previous: null },
  behindMs: 1_400,
  ...change,
});

/** The last canary took so long, and all is durable. */
export const measured = (ms: number, change: Partial<RpoRecord> = {}): RpoRecord => {
  const seenAt = new Date(NOW.getTime() - 1_000);
  const durable = { time: { seconds: 1, increment: 1 }, at: new Date(seenAt.getTime() - ms), seenAt };
  return { id: 'rpo', number: 7, pending: [], durable, regions: [], lookedAt: seenAt, ...change };
};

/** A quiet morning, except for what a test changes. */
export function seen(change: Partial<Surroundings> = {}): Surroundings {
  return {
    at: NOW,
    store: known(NOW),
    wakeAlive: known(true),
    chatOutSince: known(undefined),
    database: view(members),
    primary: known('east-1'),
    weights: known([
      { region: EAST, weight: 100 },
      { region: WEST, weight: 0 },
    ]),
    traffic: known({ windowMs: 10_000, byRegion: [{ region: EAST, acknowledged: 4_120, failed: 0 }] }),
    replicas: new Map([
      [EAST, known({ wanted: 3, ready: 3 })],
      [WEST, known({ wanted: 2, ready: 2 })],
    ]),
    backups: known({ backups: [], unreachable: [] }),
    capture: known(capturing()),
    rpo: known(measured(1_900)),
    alarms: known([]),
    overrides: known([]),
    incidents: known([]),
    waiting: known([]),
    runs: known([]),
    lastProof: known(undefined),
    readiness: known([]),
    lastMove: known(undefined),
    ...change,
  };
}

export const R42 = RequestId.parse('R-42');

/** A backup as the buckets list it. */
export function backup(state: 'VERIFIED' | 'NOT YET VERIFIED' | 'DAMAGED', id = 'B-1123-0800') {
  const header = ManifestHeader.parse({
    format: 'holdfast-vault',
    version: 1,
    backup: id,
    year: 2026,
    kind: 'full',
    parent: null,
    key: 'k',
    startedAt: '2026-11-23T08:00:00Z',
    finishedAt: '2026-11-23T08:00:06Z',
    window: { start: { seconds: 1_795_507_200, increment: 1 }, end: { seconds: 1_795_507_205, increment: 1 } },
    ...{ collections: 14, documents: 20_000, bytes: 524e6, storedBytes: 131e6 },
    regions: [EAST, WEST],
    lock: { mode: 'governance', until: '2033-11-23T00:00:00Z' },
    planHash: 'a'.repeat(64),
  });
  return { state, header, regions: [EAST, WEST], check: undefined } as const;
}
