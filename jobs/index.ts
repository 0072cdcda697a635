/** Everything the machine does later. A worker carries runs of exactly these. */
import { backupJob } from './backup.ts';
import { backupsHoldJob } from './backups-hold.ts';
import { backupsReleaseJob } from './backups-release.ts';
import { catalogRebuildJob } from './catalog-rebuild.ts';
import { coldFailoverJob } from './cold-failover.ts';
import { failbackJob } from './failback.ts';
import { failoverJob } from './failover.ts';
import { keysRotateJob } from './keys-rotate.ts';
import { mergeJob } from './merge.ts';
import { pruneJob } from './prune.ts';
import { pruneDailyJob } from './prune-daily.ts';
import { rebuildJob } from './rebuild.ts';
import { restoreJob } from './restore.ts';
import { restoreAsJob } from './restore-as.ts';
import { restoreOnJob } from './restore-on.ts';
import { restoreStopJob } from './restore-stop.ts';
import { restoreSwapJob } from './restore-swap.ts';
import { restoreUndoJob } from './restore-undo.ts';
import { unplannedFailoverJob } from './unplanned-failover.ts';
import { verifyJob } from './verify.ts';

export { type Carrying, defineJob, type Job } from './job.ts';

export const jobs = [
  backupJob,
  verifyJob,
  catalogRebuildJob,
  keysRotateJob,
  backupsHoldJob,
  backupsReleaseJob,
  pruneJob,
  pruneDailyJob,
  restoreJob,
  restoreAsJob,
  restoreOnJob,
  restoreStopJob,
  restoreSwapJob,
  restoreUndoJob,
  failoverJob,
  unplannedFailoverJob,
  coldFailoverJob,
  failbackJob,
  mergeJob,
  rebuildJob,
] as const;
