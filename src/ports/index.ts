/** Interfaces only: what Holdfast needs of the world, in its own words. Adapters give them substance. */

export * from './canary.ts';
export * from './chat.ts';
export * from './chat-intake.ts';
export * from './cluster.ts';
export * from './dns.ts';
export * from './history.ts';
export * from './keys.ts';
export * from './leases.ts';
export * from './member-loads.ts';
export * from './notifier.ts';
export * from './object-store.ts';
export * from './oplog-room.ts';
export * from './oplog-source.ts';
export * from './other-cluster.ts';
export * from './pager.ts';
export * from './probe.ts';
export * from './records.ts';
export * from './recovery-servers.ts';
export * from './replica-set.ts';
export * from './restore-target.ts';
export * from './server-kind.ts';
export * from './snapshot-source.ts';
export * from './spool.ts';
export * from './storage-class.ts';
export * from './traffic.ts';
export * from './wake-queue.ts';
