import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { inspectChaining } from '#adapters/inspect';
import { sharedMongoUri } from '../../support/servers.ts';

test('a set that lets secondaries copy from each other is told from one that does not', async ({ onTestFinished }) => {
  const uri = await sharedMongoUri();
  const client = new MongoClient(uri);
  onTestFinished(() => client.close());
  const admin = client.db('admin');
  const allow = async (chainingAllowed: boolean): Promise<void> => {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    config.version += 1;
    config.settings.chainingAllowed = chainingAllowed;
    await admin.command({ replSetReconfig: config });
  };
  onTestFinished(() => allow(false));
  expect(await inspectChaining(uri)).toBe(false);
  await allow(true);
  expect(await inspectChaining(uri)).toBe(true);
});
