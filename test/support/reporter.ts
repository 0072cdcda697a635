import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export type Counts = { passed: number; failed: number };

/**
 * Counts what ran. A file that does not load, a hook that throws and an error outside every test each count as
 * failed: otherwise the tests they kept from running would just be missing.
 */
export function countTests(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Counts {
  const counts: Counts = { passed: 0, failed: unhandled.length };
  for (const module of modules) {
    counts.failed += module.errors().length > 0 ? 1 : 0;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length > 0 ? 1 : 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed += 1;
      // pending at the end of a run: it was started and never came back
      if (state === 'failed' || state === 'pending') counts.failed += 1;
    }
  }
  return counts;
}

/** The last line of a run, alone on its line and last even after what servers print while they stop. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = countTests(modules, unhandled);
    const file = process.env['HOLDFAST_TEST_COUNTS'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
    else process.once('exit', () => process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed\n`));
  }
}
