import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { type Breakers, createBreakers, type Freezable } from '#sandbox/world';
import type { Company } from './company.ts';
import { regionalParts } from './regional-parts.ts';
import { EAST } from './regions.ts';

/** What the page's "Break something" does to this company. Stop it before the company. */
export function companyBreakers(company: Company): Breakers {
  const { slack, databases } = company;
  return createBreakers({
    mongodbUri: databases.eld.uri('root'),
    east: regionalParts(company, EAST),
    lines: company.network && {
      cut: () => company.network?.cutOff(EAST) ?? Promise.resolve(),
      mend: () => company.network?.mend() ?? Promise.resolve(),
    },
    service: {
      name: 'the image of ELD',
      kill: () => company.eld.kubernetes.cluster(EAST).loseImage(),
      restore: () => company.eld.kubernetes.cluster(EAST).findImage(),
    },
    primary: () => primaryOf(company),
    cutSlack: (forMs) => slack.break({ kind: 'cut', seconds: Math.round(forMs / 1000) }),
    restoreSlack: () => slack.mend(),
    flushRedis: () => flush(company.redis.url),
  });
}

/** The member that says of itself that it is the primary; undefined when none does. */
export async function primaryOf({ databases: { eld } }: Company): Promise<(Freezable & { name: string }) | undefined> {
  const client = new MongoClient(eld.uri('root'), { serverSelectionTimeoutMS: 2000 });
  try {
    const { primary } = await client.db('admin').command({ hello: 1 });
    return eld.members.find((member) => member.host === primary);
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}

async function flush(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1000 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}
