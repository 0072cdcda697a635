import { MongoClient } from 'mongodb';
import type { Databases } from './databases.ts';

/** `primary east-1`, asked of the replica set itself. */
export const aboutPrimary = (databases: Databases): Promise<string> =>
  asking(databases, async (client) => {
    const { primary } = await client.db('admin').command({ hello: 1 });
    const member = databases.eld.members.find(({ host }) => host === primary);
    return `primary ${member?.name ?? String(primary)}`;
  });

/** `20,000 documents`, counted by the server. */
export const aboutDocuments = (databases: Databases): Promise<string> =>
  asking(databases, async (client) => {
    const { objects } = await client.db('eld').command({ dbStats: 1 });
    return `${Number(objects).toLocaleString('en-US')} documents`;
  });

async function asking(databases: Databases, ask: (client: MongoClient) => Promise<string>): Promise<string> {
  const client = new MongoClient(databases.eld.uri('root'), { serverSelectionTimeoutMS: 10_000 });
  try {
    return await ask(client);
  } finally {
    await client.close();
  }
}
