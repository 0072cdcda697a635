import { expect, test } from 'vitest';
import { iamPolicy } from '#adapters/inspect';
import { s3ObjectStore } from '#adapters/s3';
import { Region, systemClock } from '#core';
import { createAwsWorld, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { lookAtAll } from '../../src/terminal/doctor/check.ts';
import { retentionChecks } from '../../src/terminal/doctor/retention-checks.ts';
import { underPolicy } from '../support/iam.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedAwsEndpoint } from '../support/servers.ts';

const scope = {
  buckets: { 'us-east-1': 'vault-a', 'us-west-2': 'vault-b', 'eu-west-1': 'vault-c' },
  keyAlias: 'alias/backup-key',
  switchBuckets: [],
  earlierAliases: [],
};
const worker = iamPolicy('worker', scope);
const prune = iamPolicy('prune', scope);

/** What is WRONG in the east, by check, when whoever looks has these policies' statements. */
async function wrongUnder(statements: (typeof worker)['Statement']): Promise<Record<string, string>> {
  const { vault } = underPolicy(memoryVault().vault, { ...worker, Statement: statements }, scope);
  const findings = await lookAtAll(retentionChecks(vault.stores.slice(0, 1)), systemClock);
  return Object.fromEntries(findings.flatMap(({ name, state, words }) => (state === 'WRONG' ? [[name, words]] : [])));
}

const without = (statements: (typeof worker)['Statement'], action: string) =>
  statements.map((each) => ({ ...each, Action: each.Action.filter((one) => one !== action) }));

test("the worker's and prune's policies together are enough; a right that is missing is named", async () => {
  const both = [...worker.Statement, ...prune.Statement].filter(({ Effect }) => Effect === 'Allow');
  expect(await wrongUnder(both)).toEqual({});
  expect(await wrongUnder(without(both, 's3:RestoreObject'))).toEqual({
    'verify us-east-1': 'Missing: s3:RestoreObject on segments/.',
  });
  expect(await wrongUnder(without(both, 's3:PutObjectVersionTagging'))).toEqual({
    'retention us-east-1': 'Missing: s3:PutObjectVersionTagging on segments/.',
  });
  const alone = await wrongUnder(worker.Statement.filter(({ Effect }) => Effect === 'Allow'));
  expect(alone['retention us-east-1']).toContain('s3:PutObjectLegalHold on manifests/');
});

test('against a bucket, each attempt at nothing goes through and leaves nothing', async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('rights'), zone: 'rights.example' });
  const region = Region.parse('us-west-2');
  const store = s3ObjectStore({
    region,
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
    bucket: world.buckets['us-west-2'],
  });
  const findings = await lookAtAll(retentionChecks([store]), systemClock);
  expect(findings.map(({ name, state, words }) => [name, state, words])).toEqual([
    ['verify us-west-2', 'OK', '4 attempts at nothing, none refused'],
    ['retention us-west-2', 'OK', '4 attempts at nothing, none refused'],
  ]);
  for await (const version of store.listVersions('')) expect(version).toBeUndefined();
});
