import { randomBytes } from 'node:crypto';
import { fetch } from 'undici';
import { inject } from 'vitest';

async function ask(server: 'mongo' | 'redis' | 'aws'): Promise<string> {
  const answer = await fetch(`${inject('sharedServers')}/${server}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The shared ${server} server did not start: ${text}`);
  return text;
}

/** Connection string (root) of the run's shared one-member replica set. Use a database of your own: `ownName`. */
export const sharedMongoUri = (): Promise<string> => ask('mongo');

/** URL of the run's shared redis-server. Use a key prefix of your own: `ownName`. */
export const sharedRedisUrl = (): Promise<string> => ask('redis');

/** Endpoint of the run's shared S3, Route 53 and KMS stand-in. Use buckets of your own: `createAwsWorld`'s prefix. */
export const sharedAwsEndpoint = (): Promise<string> => ask('aws');

/** A name nobody else uses, good for a database, a key prefix or a bucket prefix. */
export const ownName = (purpose: string): string => `${purpose}-${randomBytes(4).toString('hex')}`;
