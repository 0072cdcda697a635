/** Everything the machine does later. A worker carries runs of exactly these. */
import { backupJob } from './backup.ts';
import { failbackJob } from './failback.ts';
import { failoverJob } from './failover.ts';

import { restoreJob } from './restore.ts';
import { restoreSwapJob } from './restore-swap.ts';
import { restoreUndoJob } from './restore-undo.ts';

export { type Carrying, defineJob, type Job } from './job.ts';

export const jobs = [backupJob, restoreJob, restoreSwapJob, restoreUndoJob, failoverJob, failbackJob] as const;
