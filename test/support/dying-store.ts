import { DrError } from '#core';
import type { ControlStore, Records } from '#ports';

/** The process that wrote is gone: no call of it returns any more. */
export const GONE = new DrError('UNEXPECTED', 'bug', 'the process is gone');

export interface DyingStore {
  readonly store: ControlStore;
  /** From now on, at its n-th write from here, before or after that write had its effect. */
  dieAt(write: number, when: 'before' | 'after'): void;
  /** Another process begins on the same records. True: the one before had died. */
  revive(): boolean;
}

/** A control store whose user may be gone between any two writes. */
export function dyingStore(of: ControlStore): DyingStore {
  let left = Number.POSITIVE_INFINITY;
  let when: 'before' | 'after' = 'before';
  let isGone = false;
  const alive = (): void => {
    if (isGone) throw GONE;
  };
  const writing = async <R>(write: () => Promise<R>): Promise<R> => {
    alive();
    left -= 1;
    if (left > 0) return write();
    if (when === 'after') await write();
    isGone = true;
    throw GONE;
  };
  const reading = async <R>(read: () => Promise<R>): Promise<R> => {
    alive();
    return read();
  };
  return {
    store: {
      records: (name, schema, options) => {
        const records = of.records(name, schema, options);
        const dying: Records<never> = {
          insert: (value) => writing(() => records.insert(value)),
          get: (id) => reading(() => records.get(id)) as never,
          find: (query) => reading(() => records.find(query as never)) as never,
          replace: (seen, next) => writing(() => records.replace(seen, next)),
          remove: (seen) => writing(() => records.remove(seen)),
        };
        return dying as never;
      },
      nextNumber: (counter) => writing(() => of.nextNumber(counter)),
      now: () => reading(() => of.now()),
    },
    dieAt: (write, at) => {
      left = write;
      when = at;
    },
    revive: () => {
      const had = isGone;
      isGone = false;
      left = Number.POSITIVE_INFINITY;
      return had;
    },
  };
}
