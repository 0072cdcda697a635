/** So long samples are kept. */
export const HISTORY_DAYS = 30;

/** One value of one series. */
export interface Sample {
  /** `overall`, `database_connectivity/us-east-1`. */
  readonly series: string;
  readonly at: Date;
  readonly value: number;
}

export interface HistoryQuery {
  readonly series: string;
  readonly since: Date;
  readonly until: Date;
  /** How long one step of the answer is, in ms. */
  readonly stepMs: number;
}

/** What was measured within one step. Steps without a sample are left out. */
export interface HistoryStep {
  /** When the step begins: a whole number of steps after `since`. */
  readonly from: Date;
  readonly lowest: number;
  readonly mean: number;
  readonly samples: number;
}

/**
 * Numbers over time, kept for a limited time by the store itself. A sample may be there twice after an unknown result: it
 * is read as shares and means, never counted. Throws STORE_UNAVAILABLE (transient).
 */
export interface History {
  add(samples: readonly Sample[]): Promise<void>;
  /** By time, ascending; at most (until - since) / stepMs steps. */
  read(query: HistoryQuery): Promise<readonly HistoryStep[]>;
}
