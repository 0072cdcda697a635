import { expect, test } from 'vitest';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runDamageRound } from './damage-round.ts';

// The long version: npm run soak -- damage
test.each([1])(
  'objects harmed in every way, in every region: all is found, healed or named, and nothing is restored wrong',
  async (seed) => {
    const uri = await sharedMongoUri();
    const notes: string[] = [];
    const wrong = await runDamageRound({
      uri,
      database: ownName(`harm${seed}`),
      random: seeded(seed),
      harms: 60,
      note: (what) => notes.push(what),
    });
    expect(wrong, notes.join('\n')).toEqual([]);
  },
  180_000,
);
