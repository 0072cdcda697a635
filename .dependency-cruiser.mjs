/**
 * The import law. `levels` is the architecture: a room may import rooms on lower levels only, never
 * one beside it, and enters each of them by its index.ts. Everything below is derived from this array.
 * test/architecture.test.ts runs it and proves that each rule can fail.
 */
export const levels = [
  ['core'],
  ['config', 'ports', 'plan'],
  ['workflow'],
  ['queue', 'record'],
  ['alarms', 'oncall', 'fence'],
  ['chatops', 'approvals', 'incidents', 'detection', 'vault'],
  [
    'capture',
    'snapshot',
    'restore',
    'integrity',
    'keys',
    'retention',
    'failover',
    'loss',
    'readiness',
    'rehearsal',
    'metrics',
  ],
  ['flows'],
];

const room = (name) => `^src/${name}/`;
const anyOf = (names) => `^src/(${names.join('|')})(/|[.]ts)`;
const upward = levels.flatMap((names, level) => {
  const higher = levels.slice(level + 1).flat();
  return names.map((name) => ({
    name: `${name}-imports-nothing-above-or-beside-it`,
    severity: 'error',
    from: { path: room(name) },
    to: {
      path: anyOf([...higher, ...names.filter((other) => other !== name), 'adapters', 'main', 'terminal']),
    },
  }));
});

const doors = levels.flat().map((name) => ({
  name: `${name}-is-entered-by-its-door`,
  comment: `Import the room (#${name}), not a file inside it.`,
  severity: 'error',
  from: { path: '^(src|commands|jobs|sandbox|bench)/', pathNot: room(name) },
  to: { path: room(name), pathNot: `^src/${name}/index[.]ts$` },
}));

const sdks = '^(@slack|@pagerduty|@aws-sdk|@kubernetes|mongodb|bson|bullmq|ioredis|undici|ws)';

export default {
  forbidden: [
    ...upward,
    ...doors,
    {
      name: 'rooms-do-not-know-commands-or-jobs',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|terminal)' },
      to: { path: '^(commands|jobs)/' },
    },
    { name: 'jobs-do-not-know-commands', severity: 'error', from: { path: '^jobs/' }, to: { path: '^commands/' } },
    {
      name: 'commands-and-jobs-do-not-know-adapters',
      severity: 'error',
      from: { path: '^(commands|jobs)/' },
      to: { path: '^src/(adapters|main)' },
    },
    {
      name: 'adapters-know-ports-core-config-only',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^(src|commands|jobs)/', pathNot: '^src/(adapters|ports|core|config)/' },
    },
    {
      name: 'sdks-only-in-adapters-main-and-sandbox',
      severity: 'error',
      from: { path: '^(src|commands|jobs)/', pathNot: '^src/(adapters|main)' },
      to: { path: `node_modules/${sdks.slice(1)}`, dependencyTypes: ['npm'] },
    },
    {
      name: 'production-does-not-know-sandbox-or-tests',
      severity: 'error',
      from: { path: '^(src|commands|jobs)/' },
      to: { path: '^(sandbox|test|bench)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    doNotFollow: { path: 'node_modules' },
  },
};
