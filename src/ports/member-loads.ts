/** What one member of the protected replica set carries. */
export interface MemberLoad {
  readonly member: string;
  readonly connections: { readonly current: number; readonly available: number };
  /** In bytes; undefined where its storage engine does not say. */
  readonly cache: { readonly used: number; readonly most: number } | undefined;
  /** Logins since it started; undefined where it does not say. */
  readonly logins: { readonly tried: number; readonly failed: number } | undefined;
}

/** The load of the protected replica set's members. */
export interface MemberLoads {
  /**
   * Of every member that answers, each asked by itself. Throws DATABASE_UNAVAILABLE (transient) when none does, and
   * DATABASE_REFUSED (permanent) where the user may not ask.
   */
  look(): Promise<readonly MemberLoad[]>;
}
