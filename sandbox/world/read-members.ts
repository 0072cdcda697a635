import { lastingClient } from '#sandbox/servers';

export type MemberSource = {
  readonly name: string;
  readonly region: string;
  /** A direct connection to this member, as a user who may run replSetGetStatus. */
  readonly uri: string;
};

/** What one member says of itself: `primary`, `secondary` and so on, in small letters. */
export type MemberReader = { state(): Promise<string>; close(): Promise<void> };

/** Below it a busy machine's healthy member loses its connection before it could answer, and begins anew for ever. */
const PATIENCE_MS = 10_000;

/** Keeps one direct connection to one member and asks replSetGetStatus. How long an answer may take is the caller's to say. */
export function openMemberReader(source: MemberSource): MemberReader {
  const client = lastingClient(source.uri, {
    appName: 'sandbox-world',
    maxPoolSize: 1,
    connectTimeoutMS: PATIENCE_MS,
    socketTimeoutMS: PATIENCE_MS,
    serverSelectionTimeoutMS: PATIENCE_MS,
    waitQueueTimeoutMS: PATIENCE_MS,
    heartbeatFrequencyMS: 1000,
    // a frozen member would hold a streaming monitor for long; polling notices
    serverMonitoringMode: 'poll',
  });
  return {
    async state() {
      const status = await client.use((open) => open.db('admin').command({ replSetGetStatus: 1 }));
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
