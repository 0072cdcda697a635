/** Looks that speak a protocol themselves: what a detector asks that no other port is for. */
export { bucketGuardLook } from './bucket-guard.ts';
export { certificateLook } from './certificate.ts';
export { type HttpHealthOptions, healthAgent, httpHealthLook } from './http-health.ts';
export { type QueueDepthLook, queueDepthLook } from './queue-depth.ts';
