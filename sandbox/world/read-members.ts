import { MongoClient } from 'mongodb';

export type MemberSource = {
  readonly name: string;
  readonly region: string;
  /** A direct connection to this member, as a user who may run replSetGetStatus. */
  readonly uri: string;
};

/** What one member says of itself: `primary`, `secondary` and so on, in small letters. */
export type MemberReader = { state(): Promise<string>; close(): Promise<void> };

/** Keeps one direct connection to one member; asks replSetGetStatus with a deadline. */
export function openMemberReader(source: MemberSource, withinMs: number): MemberReader {
  const client = new MongoClient(source.uri, {
    appName: 'sandbox-world',
    maxPoolSize: 1,
    connectTimeoutMS: withinMs,
    socketTimeoutMS: withinMs,
    serverSelectionTimeoutMS: withinMs,
    waitQueueTimeoutMS: withinMs,
    heartbeatFrequencyMS: 1000,
    // a frozen member would hold a streaming monitor for long; polling notices
    serverMonitoringMode: 'poll',
  });
  return {
    async state() {
      const status = await client.db('admin').command({ replSetGetStatus: 1 });
      return STATES[Number(status['myState'])] ?? 'unknown';
    },
    close: () => client.close(),
  };
}

/** By number, as replSetGetStatus gives them. */
const STATES: Readonly<Record<number, string>> = {
  0: 'starting',
  1: 'primary',
  2: 'secondary',
  3: 'recovering',
  5: 'starting',
  6: 'unknown',
  7: 'arbiter',
  8: 'down',
  9: 'rollback',
  10: 'removed',
};
