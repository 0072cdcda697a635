import { defineConfig } from 'vitest/config';

const STORIES = ['test/e2e/**/*.test.ts', 'test/failover/real-*.test.ts'];
const STORIES_WANTED = process.env['STORIES'] === '1';

export default defineConfig({
  test: {
    // Whole companies, and figures that only a quiet machine keeps, are `npm run stories`.
    include: STORIES_WANTED ? STORIES : ['test/**/*.test.ts'],
    exclude: STORIES_WANTED ? [] : STORIES,
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
