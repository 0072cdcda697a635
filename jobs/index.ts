/** Everything the machine does later. A worker carries runs of exactly these. */
import { backupJob } from './backup.ts';
import { failbackJob } from './failback.ts';
import { failoverJob } from './failover.ts';

export { type Carrying, defineJob, type Job } from './job.ts';

export const jobs = [backupJob, failoverJob, failbackJob] as const;
