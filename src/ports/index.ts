/** Interfaces only: what Holdfast needs of the world, in its own words. Adapters give them substance. */
export * from './chat.ts';
export * from './chat-intake.ts';
export * from './leases.ts';
export * from './records.ts';
export * from './wake-queue.ts';
