/** Where a process runs, when that is not where we run. */
export interface Place {
  /** Runs a program there; the program takes the process over, so that signals reach it. */
  readonly prefix: readonly string[];
  /** Has ports that are listened on there be reached from everywhere else. Resolves when they are. */
  expose(...ports: readonly number[]): Promise<void>;
  /** Takes that back. */
  withdraw(port: number): Promise<void>;
}

/** Program and arguments as they run there; unchanged without a place. */
export function runIn(
  place: Pick<Place, 'prefix'> | undefined,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  const [first, ...rest] = [...(place?.prefix ?? []), program, ...args];
  return { program: first ?? program, args: rest };
}
