/** What a check found: the sentence that is printed either way. */
export type Found = { readonly holds: boolean; readonly found: string };

export interface ClaimCounts {
  readonly made: number;
  readonly checked: number;
  readonly failed: number;
}

export interface Story {
  chapter(title: string): void;
  /** Something that happened, with the time since the start. */
  tell(what: string): void;
  /**
   * Checks a claim and prints OK or FAIL with what was found. A check that throws is a failed one. Never throws, so
   * that what comes after is still told.
   */
  claim(what: string, check: () => Promise<Found>): Promise<void>;
  counts(): ClaimCounts;
  /** All lines so far. */
  lines(): readonly string[];
}

/** Tells the story line by line; no line says OK without a check. */
export function createStory(write: (line: string) => void, elapsedMs: () => number): Story {
  const told: string[] = [];
  let made = 0;
  let checked = 0;
  let failed = 0;
  const put = (line: string): void => {
    told.push(line);
    write(line);
  };
  return {
    chapter(title) {
      put('');
      put(title);
    },
    tell: (what) => put(`  ${clockOf(elapsedMs()).padStart(4)}  ${what}`),
    async claim(what, check) {
      made += 1;
      try {
        const { holds, found } = await check();
        checked += 1;
        if (!holds) failed += 1;
        put(holds ? `  OK    ${what}: ${found}` : `  FAIL  ${what}: found ${found}`);
      } catch (error) {
        failed += 1;
        put(`  FAIL  ${what}: could not be checked: ${messageOf(error)}`);
      }
    },
    counts: () => ({ made, checked, failed }),
    lines: () => told,
  };
}

/** 0 only when every claim that the story has was checked and held. */
export const exitCodeOf = ({ made, checked, failed }: ClaimCounts, expected: number): 0 | 1 =>
  failed === 0 && checked === made && made === expected ? 0 : 1;

/** `3:12` */
export function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
