/**
 * The fence: whether the old side of a failover can still take writes. Read prove-fence.ts first, then docs/region-leases.md for
 * why it holds; test/fence/protocol.test.ts tries every order of events.
 */
export { createFence, type WatchingFence } from './create-fence.ts';
export type { FenceOptions } from './fence-options.ts';
