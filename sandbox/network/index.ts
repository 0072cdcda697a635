/** A network namespace a region, for a company whose regions can be cut off from one another. */
export { canSeparate, type Network, startNetwork } from './start-network.ts';
export { OUTSIDE } from './wiring.ts';
