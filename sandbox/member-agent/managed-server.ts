/** What ended a server. */
export type ServerEnd = { readonly signal: NodeJS.Signals | null };

/** One member's server as its machine's agent handles it. */
export interface ManagedServer {
  readonly host: string;
  readonly region: string;
  /** Where its data, and with it the folder `rollback`, is. */
  readonly dataPath: string;
  running(): boolean;
  /** As a member, on its own port. Resolves when it answers. */
  start(): Promise<void>;
  /**
   * On a machine of a cold region: as the only member of a set of its own, with its users; whether it has data or not. Left out by
   * servers that are members of a set already.
   */
  found?(): Promise<void>;
  /** Outside its set, on another port; resolves with `host:port`. */
  startAlone(): Promise<string>;
  stopAlone(): Promise<void>;
  /** A clean end, and a hard one for a server that does not come to it. */
  stop(): Promise<void>;
  kill(): void;
  ended(): Promise<ServerEnd>;
}
