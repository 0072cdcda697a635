/** What a case measured. Further figures may stand beside `seconds`. */
export interface Figures {
  readonly seconds: number;
  readonly [figure: string]: number;
}

export interface BenchCase {
  readonly name: string;
  /** Starts what it needs, measures ours and the floor in the same run, and stops everything. */
  measure(options: { readonly scale: number; say(line: string): void }): Promise<{ ours: Figures; floor: Figures }>;
}

/** Seconds since `startMs`, to the millisecond. */
export const secondsSince = (startMs: number): number => Number(((performance.now() - startMs) / 1000).toFixed(3));
