import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient, MongoTopologyClosedError } from 'mongodb';
import type { ReplicaSet } from '#sandbox/servers';

/** The mode that `serverStatus` gives while ordinary users may not write. */
const WRITES_BLOCKED = 2;

export interface PrimaryWatch {
  /** Moments in which more than one member took users' writes; must stay empty. */
  readonly doubles: readonly string[];
  readonly samples: () => number;
  /** Who takes users' writes now, by its own word. @throws Error when no member answers at all */
  writable(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Asks every member itself, several times a second, whether it is a primary that takes users' writes. */
export function watchPrimaries(set: ReplicaSet): PrimaryWatch {
  const members = set.members.map(({ name }) => ({ name, client: openClient(set.memberUri(name, 'root')) }));
  const doubles: string[] = [];
  let samples = 0;
  let ended = false;
  const writable = async (): Promise<string[]> => {
    const problems: unknown[] = [];
    const asked = await Promise.all(
      members.map(async (member) => {
        const { name, client } = member;
        const status = await client
          .db('admin')
          .command({ serverStatus: 1, metrics: 0, wiredTiger: 0, tcmalloc: 0, locks: 0 })
          .catch((error: unknown) => {
            problems.push(error);
            // a client whose very first connection was too slow stays closed for good
            if (!(error instanceof MongoTopologyClosedError) || member.client !== client || ended) return undefined;
            member.client = openClient(set.memberUri(name, 'root'));
            void client.close();
            return undefined;
          });
        const { isWritablePrimary, ismaster, userWriteBlockMode } = status?.['repl'] ?? {};
        const open = Number(userWriteBlockMode ?? 1) !== WRITES_BLOCKED;
        return (isWritablePrimary || ismaster) && open ? [name] : [];
      }),
    );
    if (problems.length === members.length) throw new Error('No member answers.', { cause: problems[0] });
    return asked.flat();
  };
  const watching = (async () => {
    while (!ended) {
      const open = await writable().catch(() => []);
      samples += 1;
      if (open.length > 1) doubles.push(`${new Date().toISOString()} ${open.join(' and ')}`);
      await sleep(100);
    }
  })();
  return {
    doubles,
    samples: () => samples,
    writable,
    stop: async () => {
      ended = true;
      await watching;
      await Promise.all(members.map(({ client }) => client.close()));
    },
  };
}

const openClient = (uri: string): MongoClient =>
  new MongoClient(uri, {
    maxPoolSize: 1,
    // a handshake on a machine that is busy takes longer than half a second, and a new try makes it busier
    connectTimeoutMS: 2_000,
    socketTimeoutMS: 1_000,
    serverSelectionTimeoutMS: 500,
    heartbeatFrequencyMS: 500,
    serverMonitoringMode: 'poll',
  });
