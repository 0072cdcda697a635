/**
 * `npm run soak -- CASE [--seed N] [--count N] [--points N] [--minutes N]`: the long versions of what `npm test` does a few
 * times. Prints its seed first; the same seed makes the same choices. Exit 0 only if everything held, 2 for wrong use.
 */
import { stopOnSignal } from '../../sandbox/stop-signals.ts';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { type SoakCase, soakCases } from './cases.ts';
import { type SoakOptions, soakOptions } from './options.ts';

const usage = (): string => {
  const lines = soakCases.map((each) => `  ${each.name.padEnd(12)} ${each.about} (${each.count})`);
  return `Usage: npm run soak -- CASE [--seed N] [--count N] [--points N] [--minutes N]\n${lines.join('\n')}`;
};

function wrongUse(why: string): never {
  console.error(`${why}\n${usage()}`);
  process.exit(2);
}

function read(): SoakOptions {
  try {
    return soakOptions(process.argv.slice(2));
  } catch (error) {
    return wrongUse(error instanceof Error ? error.message : String(error));
  }
}

async function soak(wanted: SoakCase, { seed, count = wanted.count, points, minutes }: SoakOptions): Promise<number> {
  console.log(
    `${wanted.name}: seed ${seed}, ${count} times. Again: npm run soak -- ${wanted.name} --seed ${seed} --count ${count} --points ${points} --minutes ${minutes}`,
  );
  const ground = await wanted.open(points, minutes);
  stopOnSignal(() => ground.stop(), 30_000);
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
  return faults;
}

const options = read();
if (options.help) {
  console.log(usage());
  process.exit(0);
}
const wanted = soakCases.find((each) => each.name === options.name);
if (!wanted) wrongUse(options.name === '' ? 'Which case?' : `There is no case "${options.name}".`);
process.exit((await soak(wanted, options)) === 0 ? 0 : 1);
