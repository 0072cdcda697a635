import { z } from 'zod';
import { type Asked, defineCommand, type Preview } from '#chatops';
import { DrError, RequestId } from '#core';
import {
  approve,
  cancel,
  deny,
  type Flow,
  goOn,
  hold,
  holdLater,
  plain,
  type StartableJob,
  stop,
  unapprove,
} from '#flows';
import type { Card } from '#ports';
import { defineWorkflow, notYet } from '#workflow';

/** What the test's commands act on: one thing that is in one region, and how far the other is behind. */
export interface SmallWorld {
  region: string;
  lagMs: number;
  members: number;
  /** Every effect, in order: none may be there twice. */
  readonly effects: string[];
  ready: boolean;
  readonly flow: () => Flow<SmallWorld>;
}

export const PAUSE_LIMIT_MS = 10_000;

const MoveInput = z.object({ to: z.string(), reason: z.string() });

const effect = (name: string) => ({
  output: z.object({ said: z.string() }),
  says: () => ({ todo: name, done: name }),
  observe: async ({ runId, world }: { runId: RequestId; world: SmallWorld }) =>
    world.effects.includes(`${runId} ${name}`) ? { happened: true as const, output: { said: 'seen' } } : notYet,
  run: async ({ runId, world, input }: { runId: RequestId; world: SmallWorld; input: z.output<typeof MoveInput> }) => {
    world.effects.push(`${runId} ${name}`);
    if (name === 'promote') world.region = input.to;
    return { said: 'done' };
  },
  timeoutMs: 5_000,
  retry: { times: 0, everyMs: 1 },
});

export const moveWorkflow = defineWorkflow<SmallWorld>()('failover', { input: MoveInput, exclusive: 'movement' })
  .step('fence', effect('fence'))
  .step('promote', effect('promote'))
  .build({ holdPoints: { fence: { not: 'nothing has begun there' }, promote: 'safe' } });

/** What a move that is done leaves to read, and what its card's buttons ask for. */
export const smallReceipt: StartableJob['receipt'] = ({ state }) =>
  state === 'done'
    ? {
        headline: 'us-west-2 now serves',
        cost: '14 writes lost.',
        sections: [],
        next: { label: 'Back...', line: 'failover us-east-1 --reason "well again"' },
        inFull: 'status',
      }
    : undefined;

const define = defineCommand<SmallWorld>();
const request = z.string().transform((text) => RequestId.parse(text.toUpperCase()));
const deciding = {
  words: ['request' as const],
  switches: [],
  role: { kind: 'everyone' },
  approval: { kind: 'none' },
} as const;
const described = { summary: 'x', usage: '<R-number>', group: 'Stop', examples: [] } as const;

function movePreview({ to, reason }: z.output<typeof MoveInput>, world: SmallWorld): Preview {
  if (!world.ready) throw new DrError('REGION_NOT_READY', 'user', `${to} is not ready. Nothing was changed.`);
  if (to === world.region) throw new DrError('REGION_NOT_READY', 'user', `${to} serves already. Nothing was changed.`);
  return {
    title: `planned failover ${world.region} -> ${to}`,
    job: 'failover',
    payload: { to, reason },
    facts: { from: world.region, to, members: world.members },
    limits: { pauseMs: PAUSE_LIMIT_MS },
    live: { pauseMs: world.lagMs },
    sections: [],
    details: [],
    effect: 'Writes pause.',
    smallPrint: [],
  };
}

export const commands = [
  define({
    ...described,
    name: 'failover',
    usage: '<region> --reason "..." [--unplanned]',
    group: 'Move',
    args: z.object({
      region: z.enum(['us-east-1', 'us-west-2']),
      reason: z.string().min(3).max(300),
      unplanned: z.boolean().default(false),
    }),
    words: ['region'],
    switches: ['unplanned'],
    role: { kind: 'plan', rule: 'failover' },
    approval: { kind: 'plan', policy: 'failover' },
    does: {
      kind: 'runs',
      preview: async ({ region, reason }, _asked, world) => movePreview({ to: region, reason }, world),
    },
  }),
  define({
    ...described,
    ...deciding,
    name: 'tidy',
    words: [],
    args: z.object({}),
    does: {
      kind: 'runs',
      preview: async (_args, _asked, world) => ({
        ...movePreview({ to: 'us-west-2', reason: 'every hour' }, world),
        job: 'tidy',
      }),
    },
  }),
  // harmless as it is, and with a flag a job that needs what a failover needs
  define({
    ...described,
    name: 'sort',
    args: z.object({ deep: z.string().optional() }),
    words: [],
    switches: [],
    role: { kind: 'everyone' },
    approval: { kind: 'none' },
    otherJobs: [
      {
        when: { kind: 'flag', flag: 'deep' },
        job: 'deep-sort',
        role: { kind: 'plan', rule: 'failover' },
        approval: { kind: 'plan', policy: 'failover' },
      },
    ],
    does: {
      kind: 'runs',
      preview: async ({ deep }, _asked, world) => ({
        ...movePreview({ to: 'us-west-2', reason: deep ?? 'sorted' }, world),
        job: deep === undefined ? 'sort' : 'deep-sort',
      }),
    },
  }),
  define({
    ...described,
    name: 'status',
    group: 'Now',
    args: z.object({}),
    words: [],
    switches: [],
    role: { kind: 'everyone' },
    approval: { kind: 'none' },
    does: {
      kind: 'answers',
      answer: async (_args, _asked, world) => plain(`${world.region} serves.`, [[`${world.region} serves.`]]),
    },
  }),
  define({
    ...described,
    ...deciding,
    name: 'approve',
    args: z.object({ request, preview: z.string() }),
    does: { kind: 'answers', answer: async (args, asked: Asked, world) => approve(args, asked, world.flow()) },
  }),
  define({
    ...described,
    ...deciding,
    name: 'deny',
    args: z.object({ request, reason: z.string().min(3) }),
    does: {
      kind: 'answers',
      answer: async (args, asked, world) => deny(args.request, args.reason, asked, world.flow()),
    },
  }),
  ...(
    [
      ['unapprove', unapprove],
      ['cancel', cancel],
      ['resume', goOn],
      ['hold', (id, by, flow) => hold(id, undefined, by, flow)],
      ['hold later', (id, by, flow) => holdLater(id, { step: 'promote' }, by, flow)],
      ['stop', (id, by, flow) => stop(id, undefined, by, flow)],
    ] satisfies [string, (id: RequestId, by: Asked, flow: Flow<SmallWorld>) => Promise<Card>][]
  ).map(([name, act]) =>
    define({
      ...described,
      ...deciding,
      name,
      args: z.object({ request }),
      does: { kind: 'answers', answer: async (args, asked, world) => act(args.request, asked, world.flow()) },
    }),
  ),
];
