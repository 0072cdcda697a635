/** What travels through the queue: a run id and nothing else. What is to be done, and whether, the journal says. */
export interface Wake {
  readonly job: string;
  readonly runId: string;
}

/**
 * Wakes workers soon; never the truth. A lost wake only means that the run is found by the sweep a second later,
 * a doubled or forged one that a worker looks into the journal for nothing.
 */
export interface WakeQueue {
  /** Throws QUEUE_UNAVAILABLE (transient) within a second when the queue does not answer; callers go on. */
  wake(wake: Wake): Promise<void>;
  /** Calls `onWake` for each wake, until closed. Survives the queue's absence: it resumes by itself. */
  listen(onWake: (wake: Wake) => Promise<void>): Promise<void>;
  /** Whether the queue answers now. */
  isAlive(): Promise<boolean>;
  /** Ends within a second, also while the queue is dead. */
  close(): Promise<void>;
}
