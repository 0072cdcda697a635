/** Keeps what must be closed, and closes it in reverse order. */
export interface Closers {
  keep<T extends { close(): unknown }>(thing: T): T;
  add(close: () => unknown): void;
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const closing: (() => unknown)[] = [];
  return {
    keep: (thing) => {
      closing.push(() => thing.close());
      return thing;
    },
    add: (close) => {
      closing.push(close);
    },
    close: async () => {
      for (const close of closing.reverse()) await Promise.resolve(close()).catch(() => undefined);
      closing.length = 0;
    },
  };
}
