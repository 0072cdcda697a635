import type { Plan } from '#plan';
import type { RequestRecord } from '../request-record.ts';

/** A planned failover forces nothing and loses nothing. What forces something has no place in this list. */
const JOBS: readonly string[] = ['failover'];

/**
 * How long people have to hold a job that a breach asked for before it starts by itself; undefined where only approvals
 * start it, whatever its request says of itself.
 */
export function vetoMinutesOf(
  job: string,
  { via }: Pick<RequestRecord, 'via'>,
  { detection }: Pick<Plan, 'detection'>,
): number | undefined {
  const { failover, vetoMinutes } = detection.onBreach;
  return via === 'incident' && failover === 'veto' && JOBS.includes(job) ? vetoMinutes : undefined;
}
