/** The control store and its leases on MongoDB: a replica set of Holdfast's own, never the protected one. */
export { type ControlConnection, type ControlStoreOptions, openControlStore } from './open-control-store.ts';
