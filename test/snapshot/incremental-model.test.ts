import { expect, test } from 'vitest';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runChainModel } from './chain-model.ts';

// Long: npm run soak -- chain
test('a chain of backups of changes, taken while everything changes, restores what was seen at random moments after each', async () => {
  const seed = 20_261_125;
  const uri = await sharedMongoUri();
  const model = { uri, database: ownName('chain'), random: seeded(seed), links: 3, points: 2, deaths: 0 };
  const { wrong, chain } = await runChainModel(model);
  expect(wrong, `seed ${seed}`).toEqual([]);
  expect(chain.map(({ header }) => header.kind)).toEqual(['full', 'incremental', 'incremental', 'incremental']);
  // that changes were read at all, and not everything
  const partly = chain.flatMap(({ body }) => body.collections.filter(({ gone }) => gone !== undefined));
  expect(partly.some(({ documents }) => documents > 0)).toBe(true);
  expect(partly.some(({ gone }) => gone !== undefined && gone.documents > 0)).toBe(true);
}, 120_000);
