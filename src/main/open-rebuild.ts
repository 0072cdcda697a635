import { memberAgents } from '#adapters/member-agent';
import { aloneAt, memberUri, openMemberCopies } from '#adapters/mongodb';
import type { ConfigWith } from '#config';
import { type Clock, DrError } from '#core';
import type { FailoverWorld, RebuildWorld, ReturnedWrites } from '#failover';
import type { Plan } from '#plan';
import type { ControlStore } from '#ports';
import type { Closers } from './closers.ts';

interface RebuildParts {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly closers: Closers;
}

/** What a region's rebuild acts through. Nothing is asked of it yet. */
export function openRebuild(
  config: ConfigWith<'mongodbUri'>,
  { plan, store, clock, closers }: RebuildParts,
  { replicaSet, givenUp }: FailoverWorld,
): RebuildWorld {
  const uri = config.mongodbUri.reveal();
  const { memberAgents: agents, memberAgentSecret: secret } = config;
  const limit = plan.mongodb.snapshots.readMbPerSecond;
  return {
    settings: {
      databases: plan.mongodb.databases,
      readBytesPerSecond: limit === undefined ? undefined : limit * 1e6,
      restarts: 5,
      stuckAfterMs: 120_000,
      lookEveryMs: 500,
    },
    replicaSet,
    store,
    givenUp,
    hosts:
      agents && secret
        ? memberAgents({ agents, secret: secret.reveal(), clock, uriOf: (address) => memberUri(uri, address) })
        : undefined,
    aloneAt: (address) => aloneAt(uri, address),
    copies: closers.keep(openMemberCopies({ uri })),
    returned: notSavedYet,
  };
}

/** Until writes of returned members can be kept in the vault, nothing is begun that would take them from there. */
const notSavedYet: ReturnedWrites = {
  saveDivergent: async () => refuse(),
  saveRollbackFiles: async () => refuse(),
};

function refuse(): never {
  throw new DrError('REGION_NOT_READY', 'permanent', 'What only the returned members have can not be saved yet.', {
    hint: 'Leave them held: nothing is lost while they are.',
  });
}
