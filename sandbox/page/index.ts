/** The sandbox's web page: the workspace as anyone on the roster, the world beside it, things to break. */
export type { PhoneItem, Phones } from './phones.ts';
export type { Breaker, CommandHint, SandboxPageOptions, TourStepId } from './providers.ts';
export { type SandboxPage, startSandboxPage } from './start.ts';
export { tourSteps } from './tour.ts';
export { World, type WorldRegion } from './world-schema.ts';
