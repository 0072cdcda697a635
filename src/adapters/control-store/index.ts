/** The control store and its leases on MongoDB: a replica set of Holdfast's own, never the protected one. */
export { CONTROL_SET } from './control-set.ts';
export { type ControlConnection, type ControlStoreOptions, openControlStore } from './open-control-store.ts';
