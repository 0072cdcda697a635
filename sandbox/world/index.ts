/** The world of the sandbox, read from the servers themselves, and what breaks it for real. */
export {
  BREAKERS,
  type BreakerHandles,
  type BreakerId,
  type Breakers,
  createBreakers,
  type Freezable,
  type RegionPart,
} from './breakers.ts';
export type { MemberSource } from './read-members.ts';
export { type RegionSource, startWorld, type WorldReader, type WorldSources } from './start-world.ts';
