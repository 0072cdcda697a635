/** Data keys wrapped anew under the regions' current keys, and the proof that each region's key opens what it must. */
export { ChosenKeys, chooseKeys, WhichKeys } from './choose-keys.ts';
export { Drill, drillRegions, newestBackup } from './drill-regions.ts';
export { KeyShort, KeyTrouble, Wrapped } from './findings.ts';
export { Drilled, keysRotateWorkflow, RotateInput, type RotationWorld } from './keys-rotate.workflow.ts';
export { type KeyOverview, lookAtKeys } from './look-at-keys.ts';
