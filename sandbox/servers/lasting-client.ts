import { MongoClient, type MongoClientOptions, MongoTopologyClosedError } from 'mongodb';

export type LastingClient = {
  /** Whatever `work` gives or throws. */
  use<T>(work: (client: MongoClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/**
 * A client that gets over a first connection that failed. The driver leaves such a one closed for good: a service that is started
 * while its database is away would never find it again.
 */
export function lastingClient(uri: string, options: MongoClientOptions): LastingClient {
  let client = new MongoClient(uri, options);
  let ended = false;
  return {
    async use(work) {
      const asked = client;
      try {
        return await work(asked);
      } catch (error) {
        if (error instanceof MongoTopologyClosedError && asked === client && !ended) {
          client = new MongoClient(uri, options);
          void asked.close();
        }
        throw error;
      }
    },
    async close() {
      ended = true;
      await client.close();
    },
  };
}
