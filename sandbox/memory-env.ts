/** How the allocator treats memory, as in the Dockerfile: fewer arenas keep a backup 30 MB smaller (measured). */
export const MEMORY_ENV = { MALLOC_ARENA_MAX: '2' } as const;

/** How Node treats it, as in the Dockerfile. Why: `collectBuffersYoung`. */
export const MEMORY_FLAGS = ['--single-threaded-gc'] as const;
