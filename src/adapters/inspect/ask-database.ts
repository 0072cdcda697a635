import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { DrError } from '#core';

/** Runs a command on `admin` through whichever member answers, with an end to every wait. Throws DATABASE_UNAVAILABLE or DATABASE_REFUSED. */
export async function askDatabase(uri: string, command: Document): Promise<Document> {
  const client = new MongoClient(uri, {
    appName: 'holdfast-doctor',
    connectTimeoutMS: 1_000,
    serverSelectionTimeoutMS: 2_000,
    socketTimeoutMS: 3_000,
    readPreference: 'primaryPreferred',
  });
  try {
    return await client.db('admin').command(command);
  } catch (cause) {
    const refused = cause instanceof MongoServerError;
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new DrError(
      refused ? 'DATABASE_REFUSED' : 'DATABASE_UNAVAILABLE',
      refused ? 'permanent' : 'transient',
      `${why}.`,
      { cause },
    );
  } finally {
    await client.close();
  }
}
