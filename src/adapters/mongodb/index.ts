/** The protected MongoDB, as Holdfast's rooms need it. */

export { type CanaryOptions, canaryNamespace, openCanary } from './canary.ts';
export { aloneAt, openMemberCopies } from './member-copies.ts';
export { openMemberDisks } from './member-disks.ts';
export { openMemberLoads } from './member-loads.ts';
export { type MemberOplogOptions, openMemberOplog } from './member-oplog.ts';
export { memberUri } from './one-member.ts';
export { openOplogRoom } from './oplog-room.ts';
export { type OplogSourceOptions, openOplogSource } from './oplog-source.ts';
export { describeSet, type OtherClusterOptions, openOtherCluster } from './other-cluster.ts';
export { openReplicaSet, type ReplicaSetOptions } from './replica-set.ts';
export { openRestoreTarget } from './restore-target.ts';
export { openSnapshotSource, type SnapshotSourceOptions } from './snapshot-source.ts';
export { openTailTarget } from './tail-target.ts';
export { openWrittenRecords, type WrittenRecordsOptions } from './written-records.ts';
