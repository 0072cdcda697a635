/** Snapshots, full or of what changed: read while writes go on, made one moment by the oplog of that time. */

export { BackupInput, type BackupWorld, backupWorkflow } from './backup.workflow.ts';
export { type ChosenParent, chooseParent } from './choose-parent.ts';
export { type Pace, pacedSource } from './paced-source.ts';
export type { SnapshotProgress } from './progress.ts';
export type { SnapshotOptions } from './snapshot-options.ts';
export { takeFullSnapshot, takeIncrementalSnapshot } from './take-snapshot.ts';
