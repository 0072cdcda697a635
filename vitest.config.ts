import { defineConfig } from 'vitest/config';

/** Whole systems with times that are measured: anything beside them on two cores would be measured too. */
const alone = ['test/e2e/**/*.test.ts', 'test/failover/real-*.test.ts'];

/** Several servers each, which mostly wait for elections and leases: two of them have room, three have not. */
const inPairs = [
  'test/capture/{canary,elections,faults}.test.ts',
  'test/sandbox/eld/**/*.test.ts',
  'test/sandbox/world/**/*.test.ts',
];

/**
 * Rooms whose tests keep nothing in the process they run in. They share one: to load the house anew for each of a hundred files
 * took longer than the tests.
 */
const together = [
  'test/{alarms,approvals,chatops,commands,config,core,detection,faults,fence,flows,incidents,keys,loss,main,oncall,plan,queue}/**/*.test.ts',
  'test/{adapters,integrity,readiness,record,restore,retention,snapshot,vault,workflow}/**/*.test.ts',
  'test/failover/[!r]*.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    teardownTimeout: 30_000,
    // Node runs the house as it stands, here as anywhere; what nothing mocks needs no other loader
    experimental: { viteModuleRunner: false, nodeLoader: false },
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'in pairs',
          include: inPairs,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['test/**/*.test.ts'],
          exclude: [...alone, ...inPairs, ...together],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'together',
          include: together,
          isolate: false,
          // a third of their time is waiting for elections, deadlines and disks
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
