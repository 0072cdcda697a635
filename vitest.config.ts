import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Whole companies are `npm run stories`: each needs two cores to itself, and a time it was given on a quiet machine.
    include: process.env['HOLDFAST_E2E'] === '1' ? ['test/e2e/**/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: process.env['HOLDFAST_E2E'] === '1' ? [] : ['test/e2e/**'],
    pool: 'forks',
    // One: files start replica sets of their own and measure times; two of them on two cores disturb each other.
    maxWorkers: 1,
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    teardownTimeout: 30_000,
    typecheck: { enabled: true, include: ['test/types/*.test-d.ts'], tsconfig: 'tsconfig.json' },
  },
});
