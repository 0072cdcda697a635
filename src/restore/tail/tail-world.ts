import { DrError } from '#core';
import type { ControlStore, MemberOplog, ObjectLock, TailTarget } from '#ports';
import type { Databases, Vault } from '#vault';

/** All that carrying a survivor on touches. */
export interface TailWorld {
  readonly vault: Vault;
  readonly store: ControlStore;
  /** What is captured: other databases are none of its business. */
  readonly databases: Databases;
  /** How long what is kept of a loss is locked. */
  readonly lock: { readonly mode: ObjectLock['mode']; readonly days: number };
  openTarget(): Promise<TailTarget & { close(): Promise<void> }>;
  /** That member, or the present primary. */
  openMember(host: string | undefined): Promise<MemberOplog & { close(): Promise<void> }>;
}

export const tailLock = ({ vault, lock }: Pick<TailWorld, 'vault' | 'lock'>): ObjectLock => ({
  mode: lock.mode,
  until: new Date(vault.clock.now().getTime() + lock.days * 86_400_000),
});

/** Opens a member for one piece of work and closes it whatever happens. */
export async function withMember<T>(
  world: Pick<TailWorld, 'openMember'>,
  host: string | undefined,
  work: (member: MemberOplog) => Promise<T>,
): Promise<T> {
  const member = await world.openMember(host);
  try {
    return await work(member);
  } finally {
    await member.close();
  }
}

/** Histories that do not fit each other can't be joined: guessing would make a state that never was. */
export const notOneHistory = (why: string): DrError =>
  new DrError('NOT_REPLAYABLE', 'permanent', `What the vault has can't be put back: ${why}.`, {
    hint: 'It is kept, and listed as lost: /dr receipt shows it, /dr merge puts back what fits.',
  });
