/** Ports in this process, first-class: the same contract suites run on them and on the real adapters. */
export { chatRefused, chatUnavailable, type Failure, type KeptMessage, type MemoryChat, memoryChat } from './chat.ts';
export { type MemoryCluster, type MemoryClusters, memoryClusters } from './clusters.ts';
export { memoryControlStore } from './control-store.ts';
export { type MemoryDns, memoryDns } from './dns.ts';
export { type MemoryDnsSwitch, memoryDnsSwitch } from './dns-switch.ts';
export { memoryHistory } from './history.ts';
export { type MemoryKeyService, memoryKeyService } from './key-service.ts';
export { memoryLeases } from './leases.ts';
export { type MemoryMemberHosts, memoryMemberHosts } from './member-hosts.ts';
export { type MemoryNotifier, memoryNotifier, notifierRefused, notifierUnavailable } from './notifier.ts';
export { type MemoryObjectStore, memoryObjectStore } from './object-store.ts';
export { type MemoryPager, memoryPager, pagerRefused, pagerUnavailable, type Ring } from './pager.ts';
export { memoryRegionLeases } from './region-leases.ts';
export { type MemoryReplicaSet, memoryReplicaSet } from './replica-set.ts';
export { createSettableClock, type SettableClock } from './settable-clock.ts';
export { type MemoryTraffic, memoryTraffic } from './traffic.ts';
export { type MemoryWakeQueue, memoryWakeQueue } from './wake-queue.ts';
