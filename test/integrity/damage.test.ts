import { expect, test } from 'vitest';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runDamageRound } from './damage-round.ts';

// The long version: npm run soak -- damage
test.each([
  ['segments', false, 1],
  ['archives', true, 2],
])(
  'objects of a vault with %s harmed in every way: all is found, healed or named, and nothing is restored wrong',
  async (_, archived, seed) => {
    const notes: string[] = [];
    const wrong = await runDamageRound({
      uri: await sharedMongoUri(),
      database: ownName(`harm${seed}`),
      random: seeded(seed),
      harms: 4,
      archived,
      note: (what) => notes.push(what),
    });
    expect(wrong, notes.join('\n')).toEqual([]);
  },
  180_000,
);
