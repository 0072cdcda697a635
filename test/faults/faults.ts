import { EAST } from '../detection/reports.ts';
import type { FaultWorld, How, Part } from './fault-world.ts';

export interface Fault {
  readonly name: string;
  readonly begin: (world: FaultWorld) => void;
  /** What is so some seconds later without anybody's doing: an election is over. */
  readonly later?: { readonly afterSeconds: number; readonly change: (world: FaultWorld) => void };
}

const part =
  (...parts: Part[]) =>
  (how: How) =>
  (world: FaultWorld): void => {
    for (const each of parts) world.break(each, how);
  };

const both = (what: string, begin: (how: How) => Fault['begin']): Fault[] => [
  { name: `${what}, stopped`, begin: begin('stopped') },
  { name: `${what}, slow`, begin: begin('slow') },
];

const REGION: readonly Part[] = ['service', 's3', 'kms', 'kubernetes', 'detector'].map(
  (each) => `${each}/${EAST}` as Part,
);

/** An election of the control store is over in about 2 s; a slow primary is replaced as well. */
const ELECTED_SECONDS = 10;

export const FAULTS: readonly Fault[] = [
  {
    name: 'MongoDB primary, stopped',
    begin: ({ set }) => set.setUp('east-1', false),
    later: { afterSeconds: ELECTED_SECONDS, change: ({ set }) => void set.stepUp('east-2', 1_000) },
  },
  { name: 'MongoDB primary, slow', begin: (world) => world.break('canary', 'slow') },
  { name: 'MongoDB secondary, stopped', begin: ({ set }) => set.setUp('west-1', false) },
  {
    name: 'MongoDB secondary, slow',
    begin: ({ set }) => {
      set.setFollowing('west-1', false);
      for (let writes = 0; writes < 20_000; writes += 1) set.write();
    },
  },
  ...both('Redis', part('redis')),
  ...both('S3 of us-east-1', part(`s3/${EAST}`)),
  ...both('KMS of us-east-1', part(`kms/${EAST}`)),
  ...both('Slack', part('slack')),
  ...both('PagerDuty', part('pagerduty')),
  ...both('DNS (the Route 53 control API)', part('dns')),
  ...both('The service of us-east-1', part(`service/${EAST}`)),
  ...both('us-east-1 as a whole', (how) => (world) => {
    for (const each of REGION) world.break(each, how);
    for (const host of ['east-1', 'east-2']) world.set.setUp(host, false);
  }),
  {
    name: "The control store's primary, stopped",
    begin: (world) => world.break('store', 'stopped'),
    later: { afterSeconds: ELECTED_SECONDS, change: (world) => world.mend('store') },
  },
  {
    name: "The control store's primary, slow",
    begin: (world) => world.break('store', 'slow'),
    later: { afterSeconds: ELECTED_SECONDS, change: (world) => world.mend('store') },
  },
  { name: 'The control store as a whole, stopped', begin: (world) => world.break('store', 'stopped') },
];
