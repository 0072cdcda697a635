/**
 * How the allocator treats memory, as in the Dockerfile. Fewer arenas keep a backup 30 MB smaller; giving every buffer of
 * 128 KiB or more back to the system at once keeps it another 50 MB smaller, at no cost that was seen (measured).
 */
export const MEMORY_ENV = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' } as const;
