import type { World } from '#sandbox/page';

/** The world of the README's screenshot: us-east-1 down, us-west-2 taking over. */
export const world: World = {
  regions: [
    {
      name: 'us-east-1',
      role: 'DOWN',
      db: {
        members: [
          { name: 'east-1', state: 'down' },
          { name: 'east-2', state: 'down' },
        ],
      },
      app: { up: false, replicas: 2, ready: 0, weightPercent: 0, trafficPercent: 62 },
      vault: { up: false, objects: 0 },
    },
    {
      name: 'us-west-2',
      role: 'SERVING',
      db: { members: [{ name: 'west-1', state: 'primary' }] },
      app: { up: true, replicas: 3, ready: 2, weightPercent: 100, trafficPercent: 38 },
      vault: { up: true, objects: 1284 },
    },
    {
      name: 'eu-west-1',
      role: 'BACKUPS',
      db: { members: [] },
      app: { up: false, replicas: 0, ready: 0, weightPercent: 0, trafficPercent: 0 },
      vault: { up: true, objects: 1284 },
    },
  ],
  writes: { perSecond: 157, acknowledged: 41_866, failed: 214, lost: 0 },
  checkedAt: 1_764_000_000_000,
};

export const commands = [
  { command: '/dr status', usage: '/dr status [--here]', summary: 'Is everything well?' },
  { command: '/dr backup mongodb', usage: '/dr backup <component>', summary: 'Back up now' },
  {
    command: '/dr restore latest',
    usage: '/dr restore latest | <backup> | --to "10 minutes ago"',
    summary: 'Get data back',
  },
  {
    command: '/dr failover us-west-2',
    usage: '/dr failover <region> [--planned|--unplanned]',
    summary: 'Move ELD to another region',
  },
  { command: '/dr plan', usage: '/dr plan', summary: 'Plan a failover in a form' },
];

export const breakers = [
  { id: 'drop', label: 'Drop driver_logs', description: 'Drops the collection, as a bad script would.' },
  { id: 'kill', label: 'Kill us-east-1', description: 'SIGKILL for every process of the region.' },
  { id: 'slow', label: 'Slow the disk', description: 'Writes in us-east-1 take 10 times as long.' },
  { id: 'cut', label: 'Cut Slack 60 s', description: 'Slack refuses connections for a minute.' },
  { id: 'flush', label: 'Flush Redis', description: 'FLUSHALL: every queued job is gone.' },
  { id: 'mend', label: 'Put all back', description: 'Starts and mends everything.', mends: true },
];
