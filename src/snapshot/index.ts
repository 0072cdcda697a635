/** Full snapshots: read while writes go on, made one moment by the oplog of that time. */

export { BackupInput, type BackupWorld, backupWorkflow } from './backup.workflow.ts';
export type { SnapshotProgress } from './progress.ts';
export { type FullSnapshotOptions, takeFullSnapshot } from './take-full-snapshot.ts';
