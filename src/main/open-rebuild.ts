import { aloneAt, openMemberCopies, openMemberOplog } from '#adapters/mongodb';
import type { ConfigWith } from '#config';
import type { FailoverWorld, RebuildWorld, ReturnedWrites } from '#failover';
import { type LossWorld, lossBooks, readReceipt } from '#loss';
import type { Plan } from '#plan';
import type { ControlStore, MemberHosts } from '#ports';
import type { Closers } from './closers.ts';

interface RebuildParts {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly closers: Closers;
}

/** What a region's rebuild acts through. Nothing is asked of it yet. */
export function openRebuild(
  config: ConfigWith<'mongodbUri'>,
  { plan, store, closers }: RebuildParts,
  { replicaSet, givenUp }: FailoverWorld,
  loss: LossWorld,
  hosts: MemberHosts | undefined,
): RebuildWorld {
  const uri = config.mongodbUri.reveal();
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
    hosts,
    aloneAt: (address) => aloneAt(uri, address),
    copies: closers.keep(openMemberCopies({ uri })),
    returned: returnedWrites(loss, hosts),
  };
}

/** What only they have goes into the loss receipt and the vault, read from a server that runs alone. */
const returnedWrites = (loss: LossWorld, hosts: MemberHosts | undefined): ReturnedWrites => ({
  async saveDivergent(lostIn, host, uri, signal) {
    const member = await openMemberOplog({ uri });
    try {
      await lossBooks(loss).addDivergent(lostIn, host, member, { signal, report: () => undefined });
    } finally {
      await member.close();
    }
    const standing = await readReceipt(loss, lostIn);
    return { entries: standing?.receipt.read.find((each) => each.host === host)?.entries ?? 0 };
  },
  async saveRollbackFiles(lostIn, host, signal) {
    const files = (await hosts?.rollbackFiles(host)) ?? [];
    for (const { name } of files) {
      const content = hosts?.readRollbackFile(host, name);
      if (content) await lossBooks(loss).addRollbackFile(lostIn, { host, name, content }, signal);
    }
    return { files: files.length };
  },
});
