import type { SnapshotSource } from '#ports';

/** A source that does something before its first batch is read and after the last one; read slowly where asked for. */
export function during(
  source: SnapshotSource,
  before: () => Promise<void>,
  after: () => Promise<void>,
  betweenBatchesMs = 0,
): SnapshotSource {
  let begun = false;
  const begin = async (): Promise<void> => {
    if (begun) return;
    begun = true;
    await before();
  };
  return {
    ...source,
    async *readByIds(...args) {
      await begin();
      yield* source.readByIds(...args);
    },
    async *read(...args) {
      await begin();
      for await (const batch of source.read(...args)) {
        yield batch;
        if (betweenBatchesMs > 0) await new Promise((resolve) => setTimeout(resolve, betweenBatchesMs));
      }
    },
    async appliedTime() {
      // before anything is read it is asked for too
      if (begun) await after();
      return source.appliedTime();
    },
  };
}
