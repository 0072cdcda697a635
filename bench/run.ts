/**
 * `npm run -s bench -- CASE [--scale 0.1]`: starts what the case needs, measures, and prints one JSON line last:
 * `{"case", "ours": {...}, "floor": {"seconds", ...}, "ratio"}`. The floor is the least work any tool must do, measured
 * in the same run, so that the ratio holds on any machine. `--scale` shrinks the data set; figures are quoted at 1.
 */
import { parseArgs } from 'node:util';
import type { BenchCase } from './bench-case.ts';
import { ackCase } from './cases/ack.ts';
import { captureLagCase } from './cases/capture-lag.ts';
import { detectCase } from './cases/detect.ts';
import { failoverCase } from './cases/failover.ts';
import { growthCase } from './cases/growth.ts';
import { incrementalCase } from './cases/incremental.ts';
import { replayCase } from './cases/replay.ts';
import { restoreCase } from './cases/restore.ts';
import { snapshotCase } from './cases/snapshot.ts';

const cases: readonly BenchCase[] = [
  ackCase,
  captureLagCase,
  detectCase,
  failoverCase,
  growthCase,
  incrementalCase,
  replayCase,
  restoreCase,
  snapshotCase,
];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { scale: { type: 'string', default: '1' } },
});
const wanted = cases.find(({ name }) => name === positionals[0]);
const scale = Number(values.scale);
if (!wanted || !(scale > 0 && scale <= 100)) {
  console.error(`Usage: npm run -s bench -- CASE [--scale 0.1]\nCases: ${cases.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const { ours, floor } = await wanted.measure({
  scale,
  say: (line) => console.error(line),
});
const ratio = Number((ours.seconds / floor.seconds).toFixed(2));
console.log(JSON.stringify({ case: wanted.name, ours, floor, ratio }));
process.exit(0);
