import type { Region } from '#core';
import type { Abilities } from './abilities.ts';

/** A place in the oplog. Of two, the one with the greater term, then time, then increment is newer. */
export interface OpTime {
  readonly term: number;
  readonly seconds: number;
  readonly increment: number;
}

export type MemberState = 'primary' | 'secondary' | 'arbiter' | 'recovering' | 'rollback' | 'unreachable';

/** One member as it describes itself, asked directly; what the configuration says where it does not answer. */
export interface Member {
  readonly host: string;
  /** By the member's `region` tag; undefined when it has none. */
  readonly region: Region | undefined;
  readonly votes: number;
  readonly priority: number;
  readonly state: MemberState;
  /** It says that it is the primary and that no write block is on: an application's write would succeed here. */
  readonly writable: boolean;
  /** Whether user writes are blocked; undefined when it does not answer. */
  readonly blocked: boolean | undefined;
  readonly applied: OpTime | undefined;
  /** When what it applied last was written, by the primary's clock. */
  readonly appliedAt: Date | undefined;
  /** Whom it takes for the primary: this is what makes it a vantage point. */
  readonly seesPrimary: string | undefined;
}

export interface ReplicaSetView {
  readonly name: string;
  readonly configVersion: number;
  readonly heartbeatMs: number;
  /** How long a new primary waits for what others may have more than it, in ms; -1: without end. */
  readonly catchUpMs: number;
  readonly members: readonly Member[];
}

/** What a member may decide and how readily it becomes primary. A member without a vote must have priority 0. */
export interface MemberRole {
  readonly host: string;
  readonly votes: number;
  readonly priority: number;
}

/**
 * The protected replica set, as an operator handles it. Every call ends within seconds, also when members are dead
 * or frozen. Throws DATABASE_UNAVAILABLE (transient: nobody answers, an election is under way; the call may or may not
 * have had its effect) and DATABASE_REFUSED (permanent: rights, or an order that can't be followed).
 */
export interface ReplicaSet {
  /** Asks every member itself, all at once. Throws only when not one answers. */
  look(): Promise<ReplicaSetView>;
  /**
   * What this member is and can do, by its own word; nothing is tried out. The user's rights count too, where the server knows
   * users.
   */
  abilities(host: string): Promise<Abilities>;
  /** The member that takes writes now, of two claims the newer. DATABASE_UNAVAILABLE while there is none. */
  primary(): Promise<string>;
  /** How far this member has applied the oplog, by its own word; the primary's table is a heartbeat old. */
  appliedOn(host: string): Promise<OpTime>;
  /**
   * Writes these roles into the configuration in one reconfiguration, and waits until it holds. At most one member's
   * vote may change at a time: two at once could leave two majorities that do not overlap. Idempotent: what is so
   * already is not written again. `catchUpMs` puts that setting back after a forced reconfiguration.
   */
  setRoles(roles: readonly MemberRole[], withinMs: number, catchUpMs?: number): Promise<void>;
  /**
   * Writes these roles through one member alone, without asking for a majority, and has the next primary wait for nobody: for
   * when most of the set is lost. What others had acknowledged and this member does not have is undone when they return, so the old side must
   * be fenced before. Asked again while the member still sees a primary, which it does for some seconds after its death;
   * DATABASE_REFUSED (permanent) when it does so to the end of `withinMs`. Idempotent: what is so already is not written again.
   */
  forceRoles(via: string, roles: readonly MemberRole[], withinMs: number): Promise<void>;
  /** Ends transactions open for longer than this; returns how many. A write block waits for each of them. */
  endTransactions(olderThanMs: number): Promise<number>;
  /** Refuses writes of everyone but operators, on the whole set. Idempotent. TIMED_OUT (transient) past `withinMs`. */
  blockWrites(withinMs: number): Promise<void>;
  /** Takes writes again. Idempotent. */
  unblockWrites(): Promise<void>;
  /**
   * Makes this member the primary; resolves when it says so itself. Idempotent. DATABASE_UNAVAILABLE when it was not
   * elected within `withinMs`: ask again, an election under load may need a second try.
   */
  stepUp(host: string, withinMs: number): Promise<void>;
}

export const isAtLeast = (a: OpTime, b: OpTime): boolean =>
  a.term !== b.term ? a.term > b.term : a.seconds !== b.seconds ? a.seconds > b.seconds : a.increment >= b.increment;
