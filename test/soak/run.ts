/**
 * `npm run soak -- CASE [--seed N] [--count N] [--points N] [--minutes N]`: the long versions of what `npm test` does a few times. Prints its seed first; the same seed makes the same choices. Exit 0 only if everything held.
 */
import { parseArgs } from 'node:util';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { type SoakCase, soakCases } from './cases.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    count: { type: 'string' },
    points: { type: 'string' },
    minutes: { type: 'string' },
  },
});
const [name = ''] = positionals;
const wanted: SoakCase | undefined = soakCases.find((each) => each.name === name);
if (!wanted) {
  const lines = soakCases.map((each) => `  ${each.name.padEnd(8)} ${each.about} (${each.count})`);
  console.error(`Usage: npm run soak -- CASE [--seed N] [--count N] [--points N] [--minutes N]\n${lines.join('\n')}`);
  process.exit(2);
}
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const count = Number(values.count ?? wanted.count);
const points = Number(values.points ?? 200);
const minutes = Number(values.minutes ?? 60);
console.log(
  `${wanted.name}: seed ${seed}, ${count} times. Again: npm run soak -- ${wanted.name} --seed ${seed} --count ${count}${values.points ? ` --points ${points}` : ''}${values.minutes ? ` --minutes ${minutes}` : ''}`,
);

const ground = await wanted.open(points, minutes);
const random = seeded(seed);
let faults = 0;
try {
  for (let round = 1; round <= count; round += 1) {
    const found = await ground
      .round(random, (what) => console.log(`  ${what}`))
      .catch((error: unknown) => [
        `the round could not be carried through: ${error instanceof Error ? error.message : String(error)}`,
      ]);
    faults += found.length;
    for (const fault of found) console.log(`FAULT ${fault}`);
    console.log(`${round} of ${count}: ${found.length === 0 ? 'all held' : `${found.length} did not hold`}`);
  }
} finally {
  await ground.stop();
}
console.log(`${wanted.name}: ${count} rounds, ${faults} faults, seed ${seed}`);
process.exit(faults === 0 ? 0 : 1);
